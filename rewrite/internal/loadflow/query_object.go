package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A program may have a query object of its own, Query(session, Order).where(...).options(selectinload(Order.items)).all(), whose
// methods change the statement that it holds and give it back:
//
//	def options(self, *options):
//	    self.statement = self.statement.options(*options)
//	    return self
//
// What is understood of such a method is what it does to the instance at the call. For the class it does nothing: that another
// query was given options, or a condition, is no business of this one.

// ChangedStatement is the attribute whose statement a method changes in place before it gives its object back, "" when it does more,
// or else. Takes is whether it adds the loader options that it is given by position, and nothing else.
func ChangedStatement(f *pymodule.Function) (attribute string, takes bool) {
	if f == nil || f.Class == nil || f.Async || len(f.Params) == 0 || len(f.Decorators) > 0 {
		return "", false
	}
	t, self := f.Module.Tree, f.Params[0].Name
	var body []pysyntax.Node
	for n := range t.Children(f.Body) {
		if first := t.First(n); t.Kind(n) == pysyntax.Comment || t.Kind(n) == pysyntax.ExpressionStatement && t.Kind(first) == pysyntax.String {
			continue
		}
		body = append(body, n)
	}
	if len(body) != 2 || t.Kind(body[1]) != pysyntax.ReturnStatement || t.Text(t.First(body[1])) != self {
		return "", false
	}
	set := t.First(body[0])
	call := t.Child(set, pysyntax.FieldRight)
	fn, target := t.Child(call, pysyntax.FieldFunction), t.Child(set, pysyntax.FieldLeft)
	method := t.Text(t.Child(fn, pysyntax.FieldAttribute))
	if t.Kind(set) != pysyntax.Assignment || t.Kind(call) != pysyntax.Call || t.Kind(target) != pysyntax.Attribute ||
		t.Text(t.Child(target, pysyntax.FieldObject)) != self || t.Text(t.Child(fn, pysyntax.FieldObject)) != t.Text(target) {
		return "", false
	}
	attribute = t.Text(t.Child(target, pysyntax.FieldAttribute))
	if method != "options" {
		if !sameStatement[method] {
			return "", false
		}
		return attribute, false
	}
	given := slices.Collect(t.Children(t.Child(call, pysyntax.FieldArguments)))
	if len(f.Params) != 2 || f.Params[1].Kind != pymodule.Star || len(given) != 1 || t.Text(given[0]) != "*"+f.Params[1].Name {
		return "", false
	}
	return attribute, true
}

// changedQuery is a query object after a method of its own changed its statement: itself, with the loader options that it was
// given; false where its statement is not known.
func (x *interp) changedQuery(f *pymodule.Function, self value, args *arguments) (value, bool) {
	attribute, takes := ChangedStatement(f)
	if attribute == "" || len(self) == 0 {
		return nil, false
	}
	var given value
	for _, v := range append([]value{args.star}, args.pos...) {
		given = join(given, v)
	}
	var out value
	for _, a := range self {
		held, known := a.entry(attribute)
		if a.kind != instance || !known {
			return nil, false
		}
		if !takes {
			out = join(out, one(a))
			continue
		}
		var changed value
		for _, b := range held {
			if b.kind != statement {
				return nil, false
			}
			s := *b.stmt
			s.opts = x.a.t.withOptions(s.opts, given)
			changed = join(changed, x.a.t.statement(&s))
		}
		entries := slices.Clone(a.entries)
		for i := range entries {
			if entries[i].name == attribute {
				entries[i].value = changed
			}
		}
		out = join(out, one(x.a.t.made(a.class, a.args, entries)))
	}
	return out, true
}

// changesStatement reports whether the function at hand does no more to an attribute than to change the statement in it.
func (x *interp) changesStatement(attribute string) bool {
	if x.u.key.fn == nil {
		return false
	}
	changed, _ := ChangedStatement(x.u.key.fn.Def())
	return changed == attribute
}
