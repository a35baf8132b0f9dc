package rewrite

import (
	"bytes"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What does without a relationship that is not loaded, by `except MissingGreenlet`, fails once that raises another error:
// sqlalchemy.exc.InvalidRequestError, of raise and raise_on_sql (measured on 2.0 and 2.1). So does what asks the error itself, by
// isinstance() or its text, and a test that expects it. Which of the two is meant where, and whether more may be caught, is not for
// lazyfix to say.

// otherErrors are what InvalidRequestError is caught by, its own name first.
var otherErrors = []string{"InvalidRequestError", "SQLAlchemyError", "Exception", "BaseException"}

// greenletCaught reports such places. Of tests only those are reported that expect the error: others catch what they like.
func (p *program) greenletCaught(lazy string) []*action {
	if len(p.index.Relationships) == 0 || lazy == "noload" {
		return nil
	}
	var out []*action
	for _, m := range p.graph.Modules {
		if source := m.Tree.Source(); !bytes.Contains(source, []byte("MissingGreenlet")) && !bytes.Contains(source, []byte("greenlet_spawn")) {
			continue
		}
		last := pysyntax.Nil
		for n := range m.Tree.Within(m.Tree.Root()) {
			does, advice := greenletAlone(m.Tree, n)
			if does == "" || m.Test() && does != "expected" || last != pysyntax.Nil && m.Tree.Kind(n) != pysyntax.TryStatement && m.Tree.Contains(last, n) {
				continue
			}
			if last = wholeCondition(m.Tree, n); m.Tree.Kind(n) == pysyntax.TryStatement {
				last = pysyntax.Nil
			}
			out = append(out, &action{module: m, findings: []Finding{{
				Rule: "implicit-lazy", Place: p.place(m, n),
				Message: "MissingGreenlet is " + does + " here; what is not loaded raises InvalidRequestError with lazy=\"" + lazy + "\"",
				Advice:  advice,
			}}})
		}
	}
	return out
}

// greenletAlone is what is done with MissingGreenlet and with no error that InvalidRequestError is, "" where nothing is.
func greenletAlone(t *pysyntax.Tree, n pysyntax.Node) (does, advice string) {
	switch t.Kind(n) {
	case pysyntax.TryStatement:
		if catchesGreenletAlone(t, n) {
			return "caught", "catch sqlalchemy.exc.InvalidRequestError, too"
		}
	case pysyntax.Call:
		args := t.Child(n, pysyntax.FieldArguments)
		names := namesIn(t, args)
		switch by := pymodule.Last(t.Text(t.Child(n, pysyntax.FieldFunction))); {
		case !names["MissingGreenlet"] || anyOf(names, otherErrors):
		case by == "suppress":
			return "caught", "suppress sqlalchemy.exc.InvalidRequestError, too"
		case by == "raises":
			return "expected", "expect sqlalchemy.exc.InvalidRequestError, too"
		case by == "isinstance" && !asksForOther(t, n), by == "issubclass" && !asksForOther(t, n):
			return "asked for", "ask for sqlalchemy.exc.InvalidRequestError, too"
		}
	case pysyntax.ComparisonOperator: // "greenlet_spawn" in str(error)
		for c := range t.Children(n) {
			if text := pymodule.StringValue(t, c); (strings.Contains(text, "greenlet_spawn") || strings.Contains(text, "MissingGreenlet")) && !asksForOther(t, n) {
				return "asked for", "ask for sqlalchemy.exc.InvalidRequestError, too"
			}
		}
	}
	return "", ""
}

// catchesGreenletAlone reports whether a try-statement catches MissingGreenlet, and not by the same handler, or one that does the
// same, what InvalidRequestError is. One that names InvalidRequestError itself knows of both.
func catchesGreenletAlone(t *pysyntax.Tree, try pysyntax.Node) bool {
	handler, found := "", false
	for clause := range t.Children(try) {
		if t.Kind(clause) != pysyntax.ExceptClause {
			continue
		}
		caught, body := map[string]bool{"BaseException": true}, "" // a bare except
		if t.Kind(t.First(clause)) != pysyntax.Block {
			caught = namesIn(t, t.First(clause))
		}
		for c := range t.Children(clause) {
			if t.Kind(c) == pysyntax.Block {
				body = t.Text(c)
			}
		}
		switch others := anyOf(caught, otherErrors); {
		case caught[otherErrors[0]], others && !found, others && body == handler:
			return false
		case caught["MissingGreenlet"]:
			handler, found = body, true
		}
	}
	return found
}

// namesIn are the last names of all that an expression names.
func namesIn(t *pysyntax.Tree, n pysyntax.Node) map[string]bool {
	out := map[string]bool{}
	for c := range t.Within(n) {
		if t.Is(c, pysyntax.Identifier, pysyntax.Attribute) {
			out[pymodule.Last(t.Text(c))] = true
		}
	}
	return out
}

func anyOf(names map[string]bool, of []string) bool {
	for _, name := range of {
		if names[name] {
			return true
		}
	}
	return false
}

// asksForOther reports whether the condition around a question for MissingGreenlet asks for the other error, too.
func asksForOther(t *pysyntax.Tree, n pysyntax.Node) bool {
	text := t.Text(wholeCondition(t, n))
	for _, sign := range append([]string{"raise_on_sql", "lazy="}, otherErrors[:2]...) {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}

// wholeCondition is the condition that a part of one stands in.
func wholeCondition(t *pysyntax.Tree, n pysyntax.Node) pysyntax.Node {
	for t.Is(t.Parent(n), pysyntax.BooleanOperator, pysyntax.NotOperator, pysyntax.ParenthesizedExpression) {
		n = t.Parent(n)
	}
	return n
}
