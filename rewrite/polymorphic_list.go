package rewrite

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A statement that has a selectin_polymorphic() takes no second one of the same base, but the first may list more subclasses:
//
//	select(Book).options(selectin_polymorphic(Book, [Novel]))  # [Novel, Comic]
//
// Only a list that is written in the statement itself is known to be that of no other.

// polymorphicList is the list of subclasses of the one selectin_polymorphic() that the options of a site's own statement or
// session.get() have for the entity of a demand; Nil where there is none, or several.
func (p *program) polymorphicList(d *loadflow.Demand) pysyntax.Node {
	site, found := d.Site, pysyntax.Nil
	if d.Root() == nil || isPassedOn(site) {
		return pysyntax.Nil
	}
	t := site.Module.Tree
	var lists []pysyntax.Node
	if site.Kind == loadflow.GetSite {
		lists = append(lists, t.Keyword(site.Node, "options"))
	} else {
		_, links := pyedit.Chain(t, site.Node)
		for _, link := range links {
			if link.Name == "options" {
				lists = append(lists, t.Child(link.Call, pysyntax.FieldArguments))
			}
		}
	}
	for _, list := range lists {
		if !t.Is(list, pysyntax.ArgumentList, pysyntax.List, pysyntax.Tuple) {
			continue
		}
		for option := range t.Children(list) {
			if t.Kind(option) != pysyntax.Call || pymodule.Last(p.external(site.Module, site.Function, t.Child(option, pysyntax.FieldFunction))) != "selectin_polymorphic" {
				continue
			}
			arguments := t.Child(option, pysyntax.FieldArguments)
			name, _ := pymodule.DottedName(t, t.Nth(arguments, 0))
			classes := t.Nth(arguments, 1)
			if found != pysyntax.Nil || t.Kind(classes) != pysyntax.List || p.graph.ResolveIn(site.Module, nil, site.Function, name).Class != d.Root() {
				return pysyntax.Nil
			}
			found = classes
		}
	}
	return found
}
