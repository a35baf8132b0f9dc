package loadflow

import (
	"bytes"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Not each path has dots:
//
//	for part in path.split("__"):
//		order = getattr(order, part)
//
// What a program splits by is looked for once: the constants where a function that splits also reads attributes by name.

// findPathSeparators are the constants by which paths are split, the dot first.
func findPathSeparators(g *pymodule.Graph) []string {
	var out []string
	for _, m := range g.Modules {
		t := m.Tree
		if m.Template || !bytes.Contains(t.Source(), []byte("split(")) && !bytes.Contains(t.Source(), []byte("partition(")) || !bytes.Contains(t.Source(), []byte("getattr")) {
			continue
		}
		for n := range t.Within(t.Root()) {
			if t.Kind(n) != pysyntax.Call {
				continue
			}
			if last := pymodule.Last(t.Text(t.Child(n, pysyntax.FieldFunction))); last != "split" && last != "partition" {
				continue
			}
			by := t.Nth(t.Child(n, pysyntax.FieldArguments), 0)
			if t.Kind(by) == pysyntax.KeywordArgument {
				by = t.Child(by, pysyntax.FieldValue)
			}
			s := pymodule.StringValue(t, by)
			if name, ok := pymodule.DottedName(t, by); ok && s == "" { // LOOKUP_SEPARATOR
				if v := g.ResolveIn(m, nil, nil, name).Variable; v != nil {
					s = pymodule.StringValue(v.Module.Tree, v.Value)
				}
			}
			around := t.Text(t.Enclosing(n, pysyntax.FunctionDefinition, pysyntax.Module))
			if strings.TrimSpace(s) != "" && s != "." && s != "," && strings.Contains(around, "getattr") {
				out = appendOnce(out, s)
			}
		}
	}
	slices.Sort(out)
	return append([]string{"."}, out...)
}

// cutPath is the first name of a path, what is behind it, and what stands between; false for a string that is none.
func (a *analysis) cutPath(path string) (first, rest, by string, ok bool) {
	for _, by := range a.pathSeparators() {
		if first, rest, ok := strings.Cut(path, by); ok && first != "" && rest != "" {
			return first, rest, by, true
		}
	}
	return "", "", "", false
}

// readsSplit reports whether a name is that of a path by whose parts attributes are read, in the loop or in reduce() itself or by a
// name that is given them, parts = path.split("/"), or by its first part: first, _, rest = path.partition(".").
func readsSplit(t *pysyntax.Tree, path, body pysyntax.Node) bool {
	cut := calledOn(t, path, "partition")
	if split := splits(t, path); split != pysyntax.Nil {
		if cut = split; readsEach(t, split, body) || readsByPath(t, split) {
			return true
		}
	}
	return readsGiven(t, cut, body, func(n pysyntax.Node) bool { return namesAttribute(t, n) || readsEach(t, n, body) || readsByPath(t, n) })
}

// readsParts reports whether any of the names that a path's parts are given to is read by.
func readsParts(t *pysyntax.Tree, path, body pysyntax.Node, reads func(pysyntax.Node) bool) bool {
	cut := calledOn(t, path, "partition")
	if split := splits(t, path); split != pysyntax.Nil {
		cut = split
	}
	return readsGiven(t, cut, body, reads)
}

// readsGiven is the same of the call that makes the parts, Nil for none.
func readsGiven(t *pysyntax.Tree, cut, body pysyntax.Node, reads func(pysyntax.Node) bool) bool {
	given := t.Parent(cut)
	if cut == pysyntax.Nil || t.Kind(given) != pysyntax.Assignment {
		return false
	}
	var parts []string
	for n := range t.Within(t.Child(given, pysyntax.FieldLeft)) {
		if t.Kind(n) == pysyntax.Identifier {
			parts = append(parts, t.Text(n))
		}
	}
	for n := range t.Within(body) {
		if t.Kind(n) == pysyntax.Identifier && slices.Contains(parts, t.Text(n)) && reads(n) {
			return true
		}
	}
	return false
}

// pathsIn are the words in v and the names that a list tells, which are paths of one step.
func pathsIn(v value) []string {
	out := wordsIn(v)
	for _, a := range v {
		if isTold(a) {
			out = appendOnce(out, a.opt.path.rel.Name)
		}
	}
	return out
}

// partition is path.partition("."), of the names that words are made of.
func (x *interp) partition(path pysyntax.Node, owner value, args *arguments) (value, bool) {
	by := x.spelled(x.t, args.node(0, "sep"))
	if !slices.Contains(x.a.pathSeparators(), by) {
		return nil, false
	}
	var first, rest value
	for _, path := range append(pathsIn(owner), x.spelled(x.t, path)) {
		head, tail, cut := strings.Cut(path, by)
		if head != "" {
			first = join(first, one(x.a.t.word(head)))
		}
		if cut && tail != "" {
			rest = join(rest, one(x.a.t.word(tail)))
		}
	}
	return x.a.t.tuple([]value{first, nil, rest}, nil), len(first) > 0
}
