package rewrite

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

var unloadedAfterCommit = rule{
	Rule: Rule{
		Name:    "unloaded-after-commit",
		Summary: "new and changed objects are refreshed with what is read of them after a flush or commit",
		Doc: `No query loads an object that the program makes itself. Once it is flushed or committed, a relationship that nobody set
is unloaded, whatever its lazy= says, and reading it fails under asyncio. Where such a read follows, in whatever function
or schema, the object is refreshed behind the call that saved it: behind a plain refresh, if there is one, since that drops
what was loaded before; names go into a refresh with names that stands there. What the program sets is left out, and so is
a many-to-one relationship whose foreign key was never set, which is None, or was taken from an object that is alive, but under
lazy="raise", which forbids these reads.

A relationship behind another is refreshed by the object between, refresh(order.customer, ["addresses"]), where that cannot
be None. What stands behind a collection, and what is saved where no name or no session is at hand, is reported.

The same goes for an object that a query gave, once the foreign key of a relationship was set: order.customer_id = 2, or a
new Item(order_id=order.id) for order.items. What a loader option loaded stays as it was, also through a commit where
expire_on_commit=False, so that an option would answer such a read with what is no longer true. It is left out, and the
object is refreshed. Where another query of the function gives the object again, or an item of it was deleted before that,
undecided-read reports the read. A query with populate_existing, and one behind session.expire(), loads anew. What an
update() or delete() statement changes is not followed.

Unsafe: a refresh behind a commit begins a transaction, which a later session.begin() refuses, and every caller of the
function pays for it. Without --unsafe it is proposed.

Also reported, as only a person can tell what is meant: attributes that are read after a rollback, here or in a function that
is called, which expires whatever the session had loaded (expire_on_commit=False or not), also after that of a savepoint, which
expires what was changed in it, and after session.expire() or expire_all(); columns with an SQL onupdate, and those that are Computed(), that are read after a flush or commit of other changes;
and a column_property() of an SQL expression, which a new object does not have either. Refresh the object first, or read what you need before.

A flush that a query makes by itself (autoflush) is not followed, and neither is synchronous code.

SQLAlchemy 2.0 and 2.1.`,
		Before: "order = Order(**data.model_dump())\nsession.add(order)\nawait session.commit()\nawait session.refresh(order)\nreturn OrderOut.model_validate(order)  # reads order.customer and order.items\n",
		After:  "order = Order(**data.model_dump())\nsession.add(order)\nawait session.commit()\nawait session.refresh(order)\nawait session.refresh(order, [\"customer\", \"items\"])\nreturn OrderOut.model_validate(order)  # reads order.customer and order.items\n",
		Safety: "unsafe",
	},
	check: checkUnloadedAfterCommit,
}

func checkUnloadedAfterCommit(p *program) []*action {
	var out []*action
	type key struct {
		module *pymodule.Module
		node   pysyntax.Node
		holder string
	}
	reloads := map[key]*reload{}
	var order []key
	known := map[key]bool{}
	for _, u := range p.flow.Unloaded {
		known[key{u.Module, u.Node, u.Holder}] = true
	}
	answered := p.staysAnswered()
	for _, u := range p.flow.Unloaded {
		if list := endedLoop(u.Module.Tree, u.Node, u.Holder); known[key{u.Module, u.Node, list + loadflow.EachOf}] {
			continue // behind the loop over a list that is refreshed
		}
		place, why := p.reloadPlace(u)
		for _, need := range u.Needs {
			if need.Steps[0].Rel.Lazy == mapper.Noload && p.keepsNoload() || answered(need) {
				continue // it answers nothing, also after a refresh; or it goes on answering
			}
			because := why
			if because == "" {
				because = unreachable(need)
			}
			if because != "" {
				out = append(out, p.notReloaded(u.Place, need, because))
				continue
			}
			k := key{place.Module, place.Node, place.Holder}
			if reloads[k] == nil {
				reloads[k] = &reload{place: place, class: u.Class, refresh: u.Refresh}
				order = append(order, k)
			}
			if r := reloads[k]; !slices.ContainsFunc(r.needs, func(n *loadflow.Need) bool { return pathText(n.Steps) == pathText(need.Steps) }) {
				r.needs = append(r.needs, need)
			}
		}
	}
	for _, k := range order {
		if list, each := strings.CutSuffix(k.holder, loadflow.EachOf); each {
			if one := loopVariable(k.module.Tree, k.node, list); one != "" && reloads[key{k.module, k.node, one}] != nil {
				continue // in the loop over the list: the one at hand is refreshed
			}
		}
		out = append(out, p.reloadAction(reloads[k]))
	}
	return append(out, p.expiredReads()...)
}

// keepsNoload reports whether a relationship with lazy="noload" stays one.
func (p *program) keepsNoload() bool {
	lazy, _ := p.options.lazy()
	return lazy == "noload" || !p.options.runs("noload")
}

// reloadPlace is the first place, from the one that made the object inwards, where it can be refreshed; or why there is
// none.
func (p *program) reloadPlace(u *loadflow.Unloaded) (loadflow.Place, string) {
	first := ""
	for place := &u.Place; place != nil; place = place.Callee {
		resolved := *place
		why := p.notHere(&resolved)
		if why == "" {
			return resolved, ""
		}
		first = cmp.Or(first, why)
	}
	return loadflow.Place{}, first
}

// notHere says why an object cannot be refreshed at a place, "" when it can. It finds the session there.
func (p *program) notHere(place *loadflow.Place) string {
	t, f := place.Module.Tree, place.Function
	if place.Session == "" && f != nil {
		place.Session = sessionParameter(f)
	}
	block := t.Kind(place.Node) == pysyntax.WithStatement
	switch {
	case place.Generic:
		return "this code serves several models"
	case place.Detached:
		return "the session no longer has it behind this"
	case strings.TrimSuffix(place.Holder, loadflow.EachOf) == "":
		return "the object has no name here"
	case endedLoop(t, place.Node, place.Holder) != "":
		return place.Holder + " is the variable of a loop that has ended, which may not have run"
	case place.Session == "":
		return "no session is at hand here"
	case f == nil || !f.Async:
		return "this is no async function"
	case block && leftEarly(t, place.Node):
		return "the block is left before its end, too"
	case !block && pyedit.StatementAround(t, place.Node) == pysyntax.Nil:
		return "no line can be put behind this statement"
	}
	return p.editable(place.Module, place.Node)
}

// leftEarly reports whether a block is left by a return, break or continue that does not end it: what is put at its end does not
// run on that way.
func leftEarly(t *pysyntax.Tree, with pysyntax.Node) bool {
	body := t.Child(with, pysyntax.FieldBody)
	last := t.Last(body)
	for n := range t.Within(body) {
		if !t.Is(n, pysyntax.ReturnStatement, pysyntax.BreakStatement, pysyntax.ContinueStatement) || n == last {
			continue
		}
		inside := []pysyntax.Kind{pysyntax.FunctionDefinition}
		if t.Kind(n) != pysyntax.ReturnStatement {
			inside = append(inside, pysyntax.ForStatement, pysyntax.WhileStatement)
		}
		if !t.Contains(body, t.Enclosing(n, inside...)) {
			return true
		}
	}
	return false
}

// sessionParameter is the parameter of a function that is a session, as its annotation or its name says.
func sessionParameter(f *pymodule.Function) string {
	t := f.Module.Tree
	for _, param := range f.Params {
		if loadflow.TakesSession(param.Name, t.Text(param.Annotation)) {
			return param.Name
		}
	}
	return ""
}

// unreachable says why a path cannot be loaded by refreshes, "" when it can: a refresh loads one step, and of an object
// that is there for certain.
func unreachable(need *loadflow.Need) string {
	for _, s := range need.Steps[:len(need.Steps)-1] {
		switch {
		case s.Rel.Many:
			return "a refresh loads one step, and not what stands behind a collection"
		case optional(s):
			return fmt.Sprintf("%s.%s may be None, and a refresh loads one step", s.Class.Name, s.Rel.Name)
		}
	}
	return ""
}

// optional reports whether a to-one relationship may be None, as far as its annotation says otherwise.
func optional(s loadflow.Step) bool {
	if s.Rel.Owner == nil {
		return true
	}
	v := s.Rel.Owner.Field(s.Rel.Name)
	if v == nil || v.Annotation == pysyntax.Nil {
		return true
	}
	text := v.Module.Tree.Text(v.Annotation)
	return strings.Contains(text, "None") || strings.Contains(text, "Optional")
}

func (p *program) notReloaded(place loadflow.Place, need *loadflow.Need, why string) *action {
	name := cmp.Or(strings.TrimSuffix(place.Holder, loadflow.EachOf), "the object")
	advice := fmt.Sprintf("not edited: %s; where it is saved, await session.refresh(%s, [\"%s\"])", why, name, need.Steps[0].Rel.Name)
	if len(need.Steps) > 1 {
		advice = fmt.Sprintf("not edited: %s; where it is saved, select it again with a loader option for %s", why, pathText(need.Steps))
	}
	return &action{module: place.Module, findings: []Finding{{
		Rule: "unloaded-after-commit", Place: p.place(place.Module, place.Node), Why: p.steps(need.Why),
		Message: pathText(need.Steps) + readAfter(need), Advice: advice,
	}}}
}

func readAfter(need *loadflow.Need) string {
	switch need.Since {
	case loadflow.NewObject:
		return " of a new object is read after this, and not loaded"
	case loadflow.KeySet:
		return " is read after this, and not loaded again since its foreign key was set"
	case loadflow.Deleted:
		return " is read after this, and not loaded again since an object of it was deleted"
	case loadflow.PutThere:
		return " is read after this, and not loaded of the new object that was put there"
	}
	return " is read after this, and not loaded again since an object was put into it by its foreign key"
}

// loadedWhy says of which object it is, or why it is loaded again.
func loadedWhy(need *loadflow.Need) string {
	switch need.Since {
	case loadflow.NewObject:
		return " of the new object"
	case loadflow.KeySet:
		return " again, as its key was set,"
	case loadflow.Deleted:
		return " again, as an object of it was deleted,"
	}
	return " again, as objects were put into it by their key,"
}

// loopVariable is the name of the one at hand in the loop over a list around a place, "" outside of one.
func loopVariable(t *pysyntax.Tree, at pysyntax.Node, list string) string {
	for loop := t.Enclosing(at, pysyntax.ForStatement, pysyntax.FunctionDefinition); t.Kind(loop) == pysyntax.ForStatement; loop = t.Enclosing(loop, pysyntax.ForStatement, pysyntax.FunctionDefinition) {
		if t.Text(t.Child(loop, pysyntax.FieldRight)) == list {
			return t.Text(t.Child(loop, pysyntax.FieldLeft))
		}
	}
	return ""
}

// endedLoop is what the last loop goes over that has ended before a place and whose variable a name is, "" where there is none.
// A loop that did not run has not bound its variable.
func endedLoop(t *pysyntax.Tree, at pysyntax.Node, name string) string {
	over := ""
	for n := range t.Within(t.Enclosing(at, pysyntax.FunctionDefinition)) {
		if t.Start(n) >= t.Start(at) {
			break
		}
		switch t.Kind(n) {
		case pysyntax.ForStatement:
			if t.Text(t.Child(n, pysyntax.FieldLeft)) == name && !t.Contains(n, at) {
				over = t.Text(t.Child(n, pysyntax.FieldRight))
			}
		case pysyntax.Assignment, pysyntax.NamedExpression:
			if t.Text(t.First(n)) == name {
				over = ""
			}
		}
	}
	return over
}
