package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A schema may ask what is loaded before it reads anything, to leave the rest out:
//
//	@model_validator(mode="before")
//	def only_loaded(cls, value):
//	    data = {"id": value.id}
//	    if "items" not in inspect(value).unloaded:
//	        data["items"] = value.items
//	    return data
//
// Its fields are read from what the validator makes, so those that it asks for are guarded (load_guarded.go). One that gives the
// object itself on leaves them to be read. Where it does so for what isinstance() says is something else, that is none of it.

// askedBySchema are the relationships that the validators or the getter of a schema ask for.
func (a *analysis) askedBySchema(c *pymodule.Class) []string {
	return *a.schemaAsks.get(c, func() *[]string {
		var out []string
		for base := range a.g.Lineage(c) {
			for _, name := range sortedKeys(base.Methods) {
				if f := base.Methods[name]; runsBefore(f) && !handsOn(f) {
					out = append(out, a.askedIn(f)...)
				}
			}
		}
		if getter := a.getter(c); getter != nil {
			for _, f := range getter.Methods {
				out = append(out, a.askedIn(f)...)
			}
		}
		slices.Sort(out)
		out = slices.Compact(out)
		return &out
	})
}

// runsBefore reports whether a method is a validator of the whole object that runs before its fields are read.
func runsBefore(f *pymodule.Function) bool {
	t := f.Module.Tree
	if d := f.Decorator("model_validator"); d != pysyntax.Nil {
		return keywordText(t, d, "mode") == "before"
	}
	d := f.Decorator("root_validator")
	return d != pysyntax.Nil && keywordText(t, d, "pre") == "True"
}

// handsOn reports whether a validator gives on what it got, whatever that is.
func handsOn(f *pymodule.Function) bool {
	t := f.Module.Tree
	for n := range t.Within(f.Body) {
		given := t.Text(t.First(n))
		if t.Kind(n) != pysyntax.ReturnStatement || f.ParamIndex(given) < 0 && !slices.ContainsFunc(bindings(f, given), func(b pysyntax.Node) bool {
			return f.ParamIndex(t.Text(t.Child(b, pysyntax.FieldRight))) >= 0
		}) {
			continue
		}
		if test := t.Enclosing(n, pysyntax.IfStatement, pysyntax.FunctionDefinition); t.Kind(test) != pysyntax.IfStatement ||
			!t.Calls(t.Child(test, pysyntax.FieldCondition), "isinstance") {
			return true
		}
	}
	return false
}

// askedIn are the names that the conditions of a function ask for.
func (a *analysis) askedIn(f *pymodule.Function) []string {
	if !a.asksForLoaded(f) {
		return nil
	}
	t := f.Module.Tree
	q := a.loadAsked(f)
	var out []string
	for n := range t.Within(f.Body) {
		if !t.Is(n, pysyntax.ComparisonOperator, pysyntax.Call) {
			continue
		}
		for _, key := range append(q.isLoaded(n, true), q.isLoaded(n, false)...) {
			if name := strings.TrimSuffix(pymodule.Last(key), "?"); !strings.HasPrefix(name, "*") {
				out = append(out, name)
			}
		}
	}
	return out
}
