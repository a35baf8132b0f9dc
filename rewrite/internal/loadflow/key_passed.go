package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A called function that gets no more than the key of an object puts something into its collections all the same:
//
//	async def put(session, order_id):               async def create(self, **values):
//	    session.add(Item(order_id=order_id))             self.session.add(Item(**values))
//
//	await put(session, order.id)                    await items.create(order_id=order.id)
//
// So what a function makes, moves, inserts or deletes by a key that a parameter brings is done again where it is called, for the
// object of which the key is passed: `order.id`, or what the object was got by. Not followed: keys in objects of the program,
// those that are passed on by functions that are not called but handed on.

// keyPut is what a function does to a collection by a key that its parameter brings.
type keyPut struct {
	param  int
	field  string // the key is an attribute of what is passed: data.order_id
	class  *pymodule.Class
	column string  // "" where what is passed says it, by its keys or keywords
	made   *origin // the object that goes into the collection, nil for a statement
	added  bool    // it is in the session: the next flush saves it
	gone   bool    // it is deleted
}

// maxKeyPuts bounds what a function does by keys.
const maxKeyPuts = 16

// notePut notes what the unit does by a key, if a parameter brings that. A function that loads anew what the session holds says
// nothing of what is stale.
func (x *interp) notePut(k keyPut, key pysyntax.Node) {
	if x.t.Kind(key) == pysyntax.Attribute && k.column != "" && k.field == "" {
		k.field = x.t.Text(x.t.Child(key, pysyntax.FieldAttribute))
		key = x.t.Child(key, pysyntax.FieldObject)
	}
	k.param = x.ownParameter(key)
	if k.param < 0 || x.m.Test() || k.field != "" && hasObject(x.env[x.t.Text(key)]) || expires(x.u) || x.a.t.populating(x.u.key.fn) {
		return
	}
	x.out.notePut(k)
}

func (o *outcome) notePut(k keyPut) {
	if len(o.puts) < maxKeyPuts && !slices.Contains(o.puts, k) {
		o.puts = append(o.puts, k)
	}
}

// ownParameter is the parameter that an expression names, -1 where it names none, or one that is given something else.
func (x *interp) ownParameter(n pysyntax.Node) int {
	f := x.u.key.fn
	if f == nil || x.t.Kind(n) != pysyntax.Identifier {
		return -1
	}
	name := x.t.Text(n)
	i := f.ParamIndex(name)
	if i < 0 || i == 0 && isMethod(f) || len((*x.a.t.boundIn(x.m, f.Body))[name]) > 0 {
		return -1
	}
	return i
}

// putsJoined notes a join of the unit itself. Where the owner is its caller's, the caller knows it by that.
func (x *interp) putsJoined(j keyJoin, key pysyntax.Node, added bool) {
	if len(j.to) > 0 && (x.parameters(j.to) != 0 || x.refreshes(j.holder)) {
		return
	}
	k := keyPut{class: j.class, column: j.column, added: added, gone: j.gone}
	if j.made != nil {
		k.made = j.made.first()
	}
	x.notePut(k, key)
}

// refreshes reports whether the function refreshes what a name holds.
func (x *interp) refreshes(name string) bool {
	f := x.u.key.fn
	return f != nil && name != "" && strings.Contains(x.t.Text(f.Body), "refresh("+name)
}

// putsNamed notes what is made of what a parameter says, Item(**values).
func (x *interp) putsNamed(c *pymodule.Class, call pysyntax.Node) {
	for arg := range x.t.Children(x.t.Child(call, pysyntax.FieldArguments)) {
		if x.t.Kind(arg) == pysyntax.DictionarySplat {
			x.notePut(keyPut{class: c, made: x.a.t.newOrigin(x.m, call)}, x.dumped(x.t.First(arg)))
		}
	}
}

// dumped is what an expression dumps, data.model_dump(), else the expression.
func (x *interp) dumped(n pysyntax.Node) pysyntax.Node {
	fn := x.t.Child(n, pysyntax.FieldFunction)
	if x.t.Kind(n) != pysyntax.Call || x.t.Kind(fn) != pysyntax.Attribute {
		return n
	}
	switch x.t.Text(x.t.Child(fn, pysyntax.FieldAttribute)) {
	case "model_dump", "dict", "asdict", "to_dict":
		return x.t.Child(fn, pysyntax.FieldObject)
	}
	return n
}

// putsAdded notes that objects are in the session.
func (x *interp) putsAdded(given []*atom) {
	for i, k := range x.out.puts {
		if !k.added && k.made != nil && slices.ContainsFunc(given, func(a *atom) bool { return a.kind == object && sameStart(a.origin, k.made) }) {
			x.out.puts[i].added = true
		}
	}
}

// putByCall does what a called function does by the keys that it gets.
func (x *interp) putByCall(puts []keyPut, f *pymodule.Function, call pysyntax.Node) {
	if x.t.Kind(call) != pysyntax.Call || x.m.Test() {
		return
	}
	for _, k := range puts {
		arg := argumentFor(x.t, f, k.param, call)
		switch {
		case f.Params[k.param].Kind == pymodule.StarStar:
			for n := range x.t.Children(x.t.Child(call, pysyntax.FieldArguments)) {
				if name := x.t.Child(n, pysyntax.FieldName); x.t.Kind(n) == pysyntax.DictionarySplat || x.t.Kind(n) == pysyntax.KeywordArgument && f.ParamIndex(x.t.Text(name)) < 0 {
					x.putRows(k, n, call, maxPutRows)
				}
			}
		case arg == pysyntax.Nil:
		case k.column == "":
			x.putRows(k, arg, call, maxPutRows)
		case k.field != "":
			x.putField(k, arg, call)
		default:
			x.putOne(k, arg, call)
		}
	}
}

// putField is what is done by a key that an argument has as an attribute: data, or ItemIn(order_id=order.id).
func (x *interp) putField(k keyPut, arg, call pysyntax.Node) {
	x.notePut(k, arg)
	field := k.field
	k.field = ""
	for _, n := range append(x.givenIfName(arg), arg) {
		if x.t.Kind(n) == pysyntax.Call {
			if v := x.t.Keyword(n, field); v != pysyntax.Nil {
				x.putOne(k, v, call)
			}
		}
	}
}

// maxPutRows bounds how deep rows are looked through.
const maxPutRows = 6

// putRows goes through the columns that rows spell: keywords, a dictionary, a list of such, what a name was given.
func (x *interp) putRows(k keyPut, rows, call pysyntax.Node, depth int) {
	t := x.t
	if depth == 0 {
		return
	}
	column, v := "", pysyntax.Nil
	switch rows = x.dumped(rows); t.Kind(rows) {
	case pysyntax.List, pysyntax.Tuple, pysyntax.ArgumentList, pysyntax.Dictionary:
		for n := range t.Children(rows) {
			x.putRows(k, n, call, depth-1)
		}
		return
	case pysyntax.ListComprehension:
		x.putRows(k, t.Child(rows, pysyntax.FieldBody), call, depth-1)
		return
	case pysyntax.DictionarySplat:
		x.putRows(k, t.First(rows), call, depth-1)
		return
	case pysyntax.Identifier:
		x.notePut(k, rows)
		for _, n := range x.givenBy(rows) {
			x.putRows(k, n, call, depth-1)
		}
		return
	case pysyntax.Call: // dict(order_id=order.id), ItemIn(order_id=order.id)
		fn := t.Child(rows, pysyntax.FieldFunction)
		if t.Text(fn) == "dict" || classOf(x.quiet(fn)) != nil {
			x.putRows(k, t.Child(rows, pysyntax.FieldArguments), call, depth-1)
		}
		return
	case pysyntax.KeywordArgument:
		column, v = t.Text(t.Child(rows, pysyntax.FieldName)), t.Child(rows, pysyntax.FieldValue)
	case pysyntax.Pair:
		column, v = pymodule.StringValue(t, t.Child(rows, pysyntax.FieldKey)), t.Child(rows, pysyntax.FieldValue)
	}
	if column != "" && x.isKey(k.class, column) {
		k.column = column
		x.putOne(k, v, call)
	}
}

// putOne is what is done by a key.
func (x *interp) putOne(k keyPut, key, call pysyntax.Node) {
	j := keyJoin{made: k.made, class: k.class, column: k.column, node: call, gone: k.gone}
	j.to, j.holder = x.ownerOf(k, key)
	j.sure = len(j.to) > 0
	x.putsJoined(j, key, k.added)
	switch {
	case len(j.to) == 0:
	case k.made == nil:
		x.joinNow(j)
	default:
		x.joinLater(j, k.added)
	}
}

// ownerOf is the object of which an expression is the key, and how it is spelled: order of order.id, or of what it was got by.
func (x *interp) ownerOf(k keyPut, key pysyntax.Node) (value, string) {
	t := x.t
	for _, n := range append(x.givenIfName(key), key) {
		if t.Kind(n) != pysyntax.Attribute || t.Text(t.Child(n, pysyntax.FieldAttribute)) == k.column {
			continue
		}
		owner := t.Child(n, pysyntax.FieldObject)
		var out []*atom
		for _, a := range x.quiet(owner) {
			if a.kind == object && x.takes(a.class, k.class, k.column) {
				out = append(out, a)
			}
		}
		if len(out) > 0 {
			return valueOf(out), t.Text(owner)
		}
	}
	if _, dotted := pymodule.DottedName(t, key); !dotted {
		return nil, ""
	}
	for _, name := range sortedKeys(x.env) {
		var out []*atom
		for _, a := range x.env[name] {
			if a.kind == object && a.path == nil && !x.transient(a) && x.takes(a.class, k.class, k.column) {
				out = append(out, a)
			}
		}
		if len(out) > 0 && x.queriedBy(name, t.Text(key)) {
			return valueOf(out), name
		}
	}
	return nil, ""
}

// queriedBy reports whether a name was given what a call gave in which a key stands, as an argument or compared to something.
func (x *interp) queriedBy(name, key string) bool {
	t := x.t
	return x.calledFor(name, func(call pysyntax.Node) bool {
		for n := range t.Within(call) {
			if t.Is(n, pysyntax.Identifier, pysyntax.Attribute) && t.Text(n) == key && t.Is(t.Parent(n), pysyntax.ArgumentList, pysyntax.KeywordArgument, pysyntax.ComparisonOperator) {
				return true
			}
		}
		return false
	})
}
