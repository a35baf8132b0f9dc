package loadflow

import (
	"maps"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A function that rolls back and raises leaves its caller's objects expired where the caller goes on: in the handler that catches
// what it raises.
//
//	try:
//	    await users.create(session, name)   # except IntegrityError: await session.rollback(); raise Taken
//	except Taken:
//	    logger.info(admin.name)

// anyClass stands for what a function raises whose class is not named there.
const anyClass = "*"

// raise is a raise statement, where a session was rolled back before, or in a block that is rolled back.
func (x *interp) raise(n pysyntax.Node) {
	raised := x.raised(n)
	if len(x.env[onTheWay]) > 0 {
		x.thrown(n, raised)
	}
	x.leavesBlocks(n, raised)
}

// raised are the names of the classes of what a statement raises, "Taken,Refused".
func (x *interp) raised(n pysyntax.Node) string {
	t := x.t
	what := t.First(n)
	if what == pysyntax.Nil { // what is handled
		handler := t.Enclosing(n, pysyntax.ExceptClause, pysyntax.FunctionDefinition)
		if t.Kind(handler) != pysyntax.ExceptClause {
			return anyClass
		}
		names := x.namesHandled(handler)
		if slices.Contains(names, "Exception") || slices.Contains(names, "BaseException") {
			return anyClass
		}
		return strings.Join(names, ",")
	}
	name := pymodule.Last(t.Text(t.Callee(what)))
	if name == "" || name[0] < 'A' || name[0] > 'Z' {
		return anyClass
	}
	return name
}

// namesHandled are the names of the classes that a clause handles. `except:` is of BaseException.
func (x *interp) namesHandled(clause pysyntax.Node) []string {
	t := x.t
	what := t.First(clause)
	if t.Kind(what) == pysyntax.AsPattern {
		what = t.First(what)
	}
	var out []string
	for c := range t.Within(what) {
		if t.Is(c, pysyntax.Identifier, pysyntax.Attribute) && t.Kind(t.Parent(c)) != pysyntax.Attribute {
			out = append(out, pymodule.Last(t.Text(c)))
		}
	}
	if t.Kind(what) == pysyntax.Block {
		return []string{"BaseException"}
	}
	for _, c := range x.classesNamed(what) {
		for _, sub := range x.a.g.Subclasses(c) {
			out = append(out, sub.Name)
		}
	}
	return out
}

// catching is the first handler of a try statement that catches what is raised, Nil where none does.
func (x *interp) catching(try pysyntax.Node, raised string) pysyntax.Node {
	for c := range x.t.Children(try) {
		if x.t.Kind(c) != pysyntax.ExceptClause {
			continue
		}
		for _, name := range x.namesHandled(c) {
			if slices.ContainsFunc(strings.Split(raised, ","), func(r string) bool { return catchesNamed(name, r) }) {
				return c
			}
		}
	}
	return pysyntax.Nil
}

// catchesNamed reports whether a handler of one class catches another, by their names.
func catchesNamed(handler, raised string) bool {
	switch handler {
	case raised, "BaseException":
		return true
	case "Exception":
		return raised != "CancelledError"
	case "SQLAlchemyError", "DBAPIError", "IntegrityError", "OperationalError":
		return raised == "IntegrityError" && handler != "OperationalError" || raised == anyClass
	}
	return false
}

// thrown hands the environment, as it is where a statement or a call raises, to the handler that catches it; or it notes what the
// function raises.
func (x *interp) thrown(n pysyntax.Node, raised string) {
	t := x.t
	for up := n; ; {
		up = t.Enclosing(up, pysyntax.TryStatement, pysyntax.FunctionDefinition, pysyntax.Lambda)
		if t.Kind(up) != pysyntax.TryStatement {
			break
		}
		if !t.Contains(t.Child(up, pysyntax.FieldBody), n) {
			continue
		}
		if handler := x.catching(up, raised); handler != pysyntax.Nil {
			x.throwTo(handler)
			return
		}
	}
	if r := x.rollsBack(nil); r.rolledBack != "" {
		e := &x.out.effect
		e.thrown, e.raises = e.thrown.or(r), bothSets(e.raises, raised)
	}
}

// thrownBy is a called function that rolls back and raises.
func (x *interp) thrownBy(e effect, f *pymodule.Function, args []value, n pysyntax.Node) {
	if !x.awaited(n) || x.u.key.fn == nil {
		return
	}
	root, _, _ := strings.Cut(x.sessionHere(f, e.thrown.rolledBack, n), ".")
	if x.t.Kind(x.t.Enclosing(n, pysyntax.TryStatement, pysyntax.FunctionDefinition)) != pysyntax.TryStatement && x.u.key.fn.ParamIndex(root) < 0 {
		return // nobody here sees it
	}
	before := maps.Clone(x.env)
	x.expireBy(e.thrown, f, args, n)
	x.thrown(n, e.raises)
	x.env = before
}
