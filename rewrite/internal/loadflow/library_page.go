package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// isPage reports whether a library's class is a page by its name: Page, LimitOffsetPage, CursorPage.
func isPage(name string) bool { return strings.HasSuffix(pymodule.Last(name), "Page") }

// pageItems are the items of dictionaries that a response model makes a page of.
func pageItems(v value) value {
	var out value
	for _, a := range v {
		if a.kind == mapping && a.entries != nil {
			out = join(out, a.under("items"))
		}
	}
	return out
}

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
	if given := args.get(0, "items"); len(items) == 0 && hasObject(given) {
		items = x.a.t.collection(x.elements(given))
	}
	if len(items) == 0 {
		return nil, false
	}
	if f, ok := args.kwNodes["transformer"]; ok {
		if made := x.apply(f, []value{items}); len(made) > 0 {
			items = x.a.t.collection(x.elements(made))
		} else if x.t.Kind(f) != pysyntax.Call { // one that another function made, validated(OrderRead), gives the page's own type
			return nil, true
		}
	}
	return x.pageWith(items), true
}

// pageWith is a page of items: they are its own, and what it has by that name.
func (x *interp) pageWith(items value) value {
	return join(items, x.a.t.tuple([]value{items}, []string{"items"}))
}

// pageOf is Page[OrderRead].create(orders, ...): the items are read as the page's type says.
func (x *interp) pageOf(args *arguments, n pysyntax.Node) {
	page := x.t.Child(x.t.Child(n, pysyntax.FieldFunction), pysyntax.FieldObject)
	if x.t.Kind(page) != pysyntax.Subscript {
		return
	}
	for _, arg := range x.a.parseType(x.t.Text(page)).Args {
		x.readSchema(args.get(0, "items"), arg, typeScope{mod: x.m, class: x.class, fn: x.u.key.fn}, n, 0)
	}
}
