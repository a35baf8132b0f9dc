package loadflow

import (
	"maps"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// isNone is the name that a condition says to be None: when it holds, or when it does not. "" is for any other condition.
func isNone(t *pysyntax.Tree, condition pysyntax.Node) (name string, holds bool) {
	words := strings.Fields(t.Text(condition))
	switch {
	case len(words) == 1:
		name = words[0]
	case len(words) == 2 && words[0] == "not":
		name, holds = words[1], true
	case len(words) == 3 && words[1] == "is" && words[2] == "None":
		name, holds = words[0], true
	case len(words) == 4 && words[1] == "is" && words[2] == "not" && words[3] == "None":
		name = words[0]
	}
	return name, holds
}

// withoutObjects is an environment in which a name holds no object: where a condition says that it is None, or that it is
// not true, which objects are but for those that say so themselves.
func (x *interp) withoutObjects(e env, name string) env {
	v, ok := e[name]
	if !ok {
		return e
	}
	var kept []*atom
	for _, a := range v {
		if a.kind != object || x.method(a.class, "__bool__") != nil || x.method(a.class, "__len__") != nil {
			kept = append(kept, a)
		}
	}
	if len(kept) == len(v) {
		return e
	}
	e = maps.Clone(e)
	e[name] = valueOf(kept)
	return e
}
