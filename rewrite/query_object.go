package rewrite

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// takesOptionsLater reports whether a call makes a query object, Query(session, Order), to which its own options() gives options:
// they go there as behind a select(), Query(session, Order).options(selectinload(Order.items)).
func (p *program) takesOptionsLater(call *loadflow.Site) bool {
	via := call.Via
	if via == nil || call.Through != nil || via.Kind != loadflow.SelectSite || via.Function == nil || via.Function.Name != "__init__" || via.Function.Class == nil {
		return false
	}
	made, t := via.Function.Class, call.Module.Tree
	name, _ := pymodule.DottedName(t, t.Child(call.Node, pysyntax.FieldFunction))
	symbol := p.graph.ResolveIn(call.Module, nil, call.Function, name)
	if symbol.Kind != pymodule.ClassSymbol || !p.graph.IsSubclass(symbol.Class, made) {
		return false
	}
	_, links := pyedit.Chain(t, call.Node)
	for _, link := range links { // the option goes behind them
		if changed, _ := loadflow.ChangedStatement(p.graph.ClassMember(symbol.Class, link.Name).Function); changed == "" {
			return false
		}
	}
	attribute, takes := loadflow.ChangedStatement(p.graph.ClassMember(symbol.Class, "options").Function)
	set := via.Module.Tree.Enclosing(via.Node, pysyntax.Assignment, pysyntax.Block)
	return takes && via.Module.Tree.Text(via.Module.Tree.Child(set, pysyntax.FieldLeft)) == via.Function.Params[0].Name+"."+attribute &&
		!slices.ContainsFunc(p.graph.Subclasses(symbol.Class), func(c *pymodule.Class) bool { return c.Methods["options"] != nil })
}
