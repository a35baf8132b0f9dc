package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// A program's own TemplateResponse() may take whatever that of the library does:
//
//	class Templates(Jinja2Templates):
//	    def TemplateResponse(self, *args, **kwargs):
//	        return super().TemplateResponse(*args, **kwargs)
//
// All routes call it. The names of the templates among *args and **kwargs are a part of its context, as that of a parameter is: else each
// template would get what any of the calls gives.

// templatesTold is which templates are among what a call gives to *args or **kwargs, nil for none or too many.
func (t *table) templatesTold(p pymodule.Param, v value) *atom {
	if p.Kind != pymodule.Star && p.Kind != pymodule.StarStar {
		return nil
	}
	var names []string
	for _, a := range v {
		for _, e := range append([]value{a.elem}, a.elems...) {
			for _, name := range templatesIn(e) {
				names = append(names, name.name)
			}
		}
	}
	slices.Sort(names)
	if names = slices.Compact(names); len(names) == 0 || len(names) > maxSplit {
		return nil
	}
	return t.fact(nameFact + strings.Join(names, "|"))
}

// tellsTemplate reports whether the context of a unit, or of one around it, names a template.
func (a *analysis) tellsTemplate(k *unitKey) bool {
	for ; k != nil; k = k.outer {
		if k.args.template != "" || slices.ContainsFunc(k.types, func(t paramAtom) bool {
			return t.atom.kind == templateRef || isFlag(t.atom) && strings.HasPrefix(t.atom.name, nameFact) ||
				isWord(t.atom) && a.usesOf(k.fn)[t.param].renders
		}) {
			return true
		}
	}
	return false
}
