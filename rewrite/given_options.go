package rewrite

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A call in a shared function may give options of its own, to which those of the function's parameter come:
//
//	return await self.session.get(self.model, pk, options=self.default_options)
//
// becomes options=[*(self.default_options or ()), *options].

// besideGiven is the value of a keyword argument with what a parameter brings put behind what the call gives.
func besideGiven(t *pysyntax.Tree, call pysyntax.Node, keyword string, by parameter) string {
	return beside(t, t.Keyword(call, keyword), by)
}

// givesUnseen reports whether a call in a function may give options by `**`: what callers pass so is caught by a parameter of
// that name before it gets there.
func givesUnseen(f *pymodule.Function, call pysyntax.Node, keyword string) bool {
	t := f.Module.Tree
	if t.Keyword(call, keyword) != pysyntax.Nil {
		return false
	}
	for c := range t.Children(t.Child(call, pysyntax.FieldArguments)) {
		if t.Kind(c) != pysyntax.DictionarySplat {
			continue
		}
		if i := f.ParamIndex(t.Text(t.First(c))); i < 0 || f.Params[i].Kind != pymodule.StarStar {
			return true
		}
	}
	return false
}

// givesByOtherName reports whether a call in a function passes keywords on among which callers give options, and the function's own
// parameter cannot catch them, since it has another name.
func (p *program) givesByOtherName(f *pymodule.Function, call pysyntax.Node) bool {
	return p.optionsParameter(f) != "options" && takesKeywords(f.Module.Tree, call) && p.isGiven(f.Name, "options", false)
}
