package loadflow

import "github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"

// page is what paginate(session, select(Order), transformer=f) and its like give: a page of what the statement selects, or
// of a list that is at hand, as the transformer makes it of all of them at once (fastapi-pagination). False when neither
// is among the arguments.
func (x *interp) page(args *arguments) (value, bool) {
	var items value
	for _, a := range args.all() {
		if a.kind == statement {
			items = join(items, x.a.t.collection(x.rowOrEntity(a.stmt)))
		}
	}
	if len(items) == 0 && len(args.pos) > 0 && hasObject(args.pos[0]) {
		items = x.a.t.collection(x.elements(args.pos[0]))
	}
	if len(items) == 0 {
		return nil, false
	}
	if f, ok := args.kwNodes["transformer"]; ok {
		if made := x.apply(f, []value{items}); len(made) > 0 || x.t.Kind(f) != pysyntax.Call {
			return made, true
		}
		// A function that another one made, validated(OrderRead): most give the page's own type.
	}
	return items, true
}
