package rewrite

import (
	"bytes"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What does without a relationship that is not loaded, by `except MissingGreenlet`, fails once that raises another error:
// sqlalchemy.exc.InvalidRequestError, of raise and raise_on_sql (measured on 2.0 and 2.1). Which of the two is meant where, and
// whether more may be caught, is not for lazyfix to say.

// greenletCaught reports such places, but for those of tests.
func (p *program) greenletCaught(lazy string) []*action {
	if len(p.index.Relationships) == 0 || lazy == "noload" {
		return nil
	}
	var out []*action
	for _, m := range p.graph.Modules {
		if m.Test() || !bytes.Contains(m.Tree.Source(), []byte("MissingGreenlet")) {
			continue
		}
		for n := range m.Tree.Within(m.Tree.Root()) {
			if m.Tree.Kind(n) == pysyntax.TryStatement && catchesGreenletAlone(m.Tree, n) {
				out = append(out, &action{module: m, findings: []Finding{{
					Rule: "implicit-lazy", Place: p.place(m, n),
					Message: "MissingGreenlet is caught here; what is not loaded raises InvalidRequestError with lazy=\"" + lazy + "\"",
					Advice:  "catch sqlalchemy.exc.InvalidRequestError, too",
				}}})
			}
		}
	}
	return out
}

// catchesGreenletAlone reports whether a try-statement catches MissingGreenlet, and neither InvalidRequestError nor what that is.
func catchesGreenletAlone(t *pysyntax.Tree, try pysyntax.Node) bool {
	caught := map[string]bool{}
	for clause := range t.Children(try) {
		if t.Kind(clause) != pysyntax.ExceptClause {
			continue
		}
		named := false
		for n := range t.Within(t.First(clause)) {
			if t.Is(n, pysyntax.Identifier, pysyntax.Attribute) {
				caught[pymodule.Last(t.Text(n))], named = true, true
			}
		}
		caught["Exception"] = caught["Exception"] || !named
	}
	return caught["MissingGreenlet"] && !caught["InvalidRequestError"] && !caught["SQLAlchemyError"] && !caught["Exception"] && !caught["BaseException"]
}
