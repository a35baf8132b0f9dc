package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What the program has libraries call with the objects in data that they encode: json.dumps(data, default=f) and
// json.dumps(data, cls=Encoder), msgspec.json.encode(data, enc_hook=f), FastAPI's jsonable_encoder(data, custom_encoder={Order: f}), and render() of a response
// class, which gets the content.

// dumped is json.dumps() or its like.
func dumped(x *interp, args *arguments, n pysyntax.Node) value {
	leaves := encoded(args.get(0, "obj"))
	if len(leaves) == 0 {
		return nil
	}
	by := join(args.get(1, "default"), args.kw["enc_hook"])
	x.encodeDown(leaves, func(leaves value) value { return x.callValue(by, &arguments{pos: []value{leaves}}, n) })
	for _, a := range args.kw["cls"] {
		if a.kind != classRef {
			continue
		}
		if f := x.method(a.class, "default"); f != nil {
			x.encodeDown(leaves, func(leaves value) value {
				return x.call(f, one(x.a.t.instance(a.class, a.args)), &arguments{pos: []value{leaves}}, n)
			})
		}
	}
	return nil
}

// maxEncoded bounds how often what an encoder gives is encoded in turn.
const maxEncoded = 6

// encodeDown encodes objects, and those that stand in what comes of them. Of a class that was encoded before it is the next
// level of a tree, which may have any depth: that is not followed.
func (x *interp) encodeDown(leaves value, encode func(value) value) {
	seen := map[*pymodule.Class]bool{}
	for range maxEncoded {
		for _, a := range leaves {
			seen[a.class] = true
		}
		leaves = slices.DeleteFunc(slices.Clone(encoded(encode(leaves))), func(a *atom) bool { return seen[a.class] })
		if len(leaves) == 0 {
			return
		}
	}
}

// encodedBy is jsonable_encoder().
func encodedBy(x *interp, args *arguments, n pysyntax.Node) value {
	x.watchDumper("jsonable_encoder", args, n)
	leaves := encoded(args.get(0, "obj"))
	x.readDataclass(leaves, false, n)
	by := args.kwNodes["custom_encoder"]
	if x.t.Kind(by) != pysyntax.Dictionary {
		x.encodeBy(args.kw["custom_encoder"], leaves, n)
		return nil
	}
	for pair := range x.t.Children(by) {
		if x.t.Kind(pair) == pysyntax.DictionarySplat {
			x.encodeBy(x.quiet(pair), leaves, n)
			continue
		}
		c := classOf(x.quiet(x.t.Child(pair, pysyntax.FieldKey)))
		own := slices.DeleteFunc(slices.Clone(leaves), func(a *atom) bool { return c != nil && !x.a.g.IsSubclass(a.class, c) })
		if len(own) > 0 {
			x.callValue(x.quiet(x.t.Child(pair, pysyntax.FieldValue)), &arguments{pos: []value{own}}, n)
		}
	}
	return nil
}

// returnedEncoded is what stands in `return jsonable_encoder(order)` for the response model of an endpoint: the encoder makes a
// dictionary of what is loaded, and what the model asks for must be there. A dictionary that goes another way is not followed.
func (x *interp) returnedEncoded(n pysyntax.Node) value {
	list := x.t.Child(n, pysyntax.FieldArguments)
	if f := x.u.key.fn; f == nil || len(f.Decorators) == 0 || x.t.Kind(n) != pysyntax.Call || x.t.Nth(list, 1) != pysyntax.Nil || x.t.Is(x.t.First(list), pysyntax.KeywordArgument, pysyntax.ListSplat, pysyntax.DictionarySplat) {
		return nil
	}
	for _, a := range x.quiet(x.t.Child(n, pysyntax.FieldFunction)) {
		if a.kind == external && strings.HasPrefix(a.name, "fastapi.") && pymodule.Last(a.name) == "jsonable_encoder" {
			return x.quiet(x.t.First(list))
		}
	}
	return nil
}

// encodeBy calls each function of a dictionary whose keys are not seen here with all that is encoded.
func (x *interp) encodeBy(functions, leaves value, n pysyntax.Node) {
	for _, a := range functions {
		if a.kind == mapping && len(leaves) > 0 {
			x.callValue(a.elem, &arguments{pos: []value{leaves}}, n)
		}
	}
}

// rendered is what making a response does whose class has a render() of its own.
func (x *interp) rendered(response *atom, args *arguments, n pysyntax.Node) {
	f := x.method(response.class, "render")
	if f == nil {
		return
	}
	for _, b := range x.a.g.MRO(response.class) {
		if strings.HasSuffix(b.External, "Response") {
			x.call(f, one(response), &arguments{pos: []value{args.get(0, "content")}}, n)
			return
		}
	}
}

// encoded are the objects and instances in data.
func encoded(data value) value {
	var out value
	for _, a := range flatten(data) {
		if a.kind == object || a.kind == instance {
			out = join(out, one(a))
		}
	}
	return out
}
