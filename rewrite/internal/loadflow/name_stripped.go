package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A name may be told with something around it:
//
//	def __getattr__(self, name):
//		return getattr(self.item.order, name.removeprefix("order_"))
//
// Limit: name[len("order_"):] and name.replace("order_", "") say nothing.

// stripped is what is left of a name, by name.removeprefix("order_") or name.removesuffix("_set"), "" where the method is another one.
func stripped(method, name, affix string) string {
	switch method {
	case "removeprefix":
		return strings.TrimPrefix(name, affix)
	case "removesuffix":
		return strings.TrimSuffix(name, affix)
	}
	return ""
}

// strippedWords is such a call on words.
func (x *interp) strippedWords(c methodCall) (value, bool) {
	var out value
	for _, word := range wordsIn(c.owner) {
		if rest := stripped(c.name, word, x.spelled(x.t, c.args.node(0, ""))); rest != "" {
			out = join(out, one(x.a.t.word(rest)))
		}
	}
	return out, len(out) > 0
}

// stripsToRead reports whether a __getattr__ takes something off its name that leaves the name of what is read.
func (x *interp) stripsToRead(f *pymodule.Function, name string) bool {
	t := f.Module.Tree
	for n := range t.Within(f.Body) {
		if t.Kind(n) != pysyntax.Identifier || f.ParamIndex(t.Text(n)) != 1 {
			continue
		}
		if call, method := stripsName(t, n); call != pysyntax.Nil {
			affix := pymodule.StringValue(t, t.First(t.Child(call, pysyntax.FieldArguments)))
			if rest := stripped(method, name, affix); rest != name && x.a.isRead(rest) {
				return true
			}
		}
	}
	return false
}

// isStripping reports whether an expression is such a call.
func isStripping(t *pysyntax.Tree, n pysyntax.Node) bool {
	fn := t.Child(n, pysyntax.FieldFunction)
	return t.Kind(n) == pysyntax.Call && stripped(t.Text(t.Child(fn, pysyntax.FieldAttribute)), "name", "") != ""
}

// stripsName is the call that takes something off what a name holds, and its method; Nil for any other use of it.
func stripsName(t *pysyntax.Tree, name pysyntax.Node) (pysyntax.Node, string) {
	methods := []string{"removeprefix", "removesuffix"}
	i := slices.IndexFunc(methods, func(m string) bool { return calledOn(t, name, m) != pysyntax.Nil })
	if i < 0 {
		return pysyntax.Nil, ""
	}
	return calledOn(t, name, methods[i]), methods[i]
}
