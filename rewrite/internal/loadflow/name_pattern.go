package loadflow

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// The name of an attribute is often known in part: getattr(self, f"on_{event.kind}")(order). Every attribute of such a name
// may be the one.

// minKnown is how much of a name, in bytes, must be known: f"{kind}s" could be anything.
const minKnown = 3

// maxPatterned bounds the attributes that one name may mean.
const maxPatterned = 32

// namePattern is what an expression says of the string that it makes, nil where it says nothing.
func (x *interp) namePattern(n pysyntax.Node) *regexp.Regexp {
	var known []string // before, between and behind what is not known
	switch x.t.Kind(n) {
	case pysyntax.String:
		known = []string{""}
		for c := range x.t.Children(n) {
			switch x.t.Kind(c) {
			case pysyntax.StringContent:
				known[len(known)-1] += x.t.Text(c)
			case pysyntax.Interpolation:
				if word := x.wordWithin(x.t.First(c)); word != "" {
					known[len(known)-1] += word
				} else {
					known = append(known, "")
				}
			}
		}
	case pysyntax.BinaryOperator: // "on_" + kind, "on_%s" % kind
		l, r := x.t.Child(n, pysyntax.FieldLeft), x.t.Child(n, pysyntax.FieldRight)
		left := pymodule.StringValue(x.t, l)
		switch strings.TrimSpace(string(x.t.Source()[x.t.End(l):x.t.Start(r)])) {
		case "+":
			known = []string{left, pymodule.StringValue(x.t, r)}
			if word := cmp.Or(x.wordWithin(l), x.wordWithin(r)); word != "" {
				known = []string{cmp.Or(left, x.wordWithin(l)) + cmp.Or(known[1], x.wordWithin(r))}
			}
		case "%":
			known = conversion.Split(left, -1)
		}
	case pysyntax.Identifier:
		if given := x.onlyGiven(n); x.t.Is(given, pysyntax.String, pysyntax.BinaryOperator) {
			return x.namePattern(given)
		}
	}
	if len(strings.Join(known, "")) < minKnown {
		return nil
	}
	for i, text := range known {
		known[i] = regexp.QuoteMeta(text)
	}
	return regexp.MustCompile("^" + strings.Join(known, ".*") + "$")
}

// conversion is a place that the % operator fills.
var conversion = regexp.MustCompile(`%(\(\w+\))?[-#0 +]*[\d.]*[a-zA-Z]`)

// onlyGiven is what a local name was given, Nil when that happens at several places.
func (x *interp) onlyGiven(name pysyntax.Node) pysyntax.Node {
	t, given := x.t, pysyntax.Nil
	for n := range t.Within(t.Enclosing(name, pysyntax.FunctionDefinition)) {
		if t.Is(n, pysyntax.Assignment, pysyntax.AugmentedAssignment, pysyntax.NamedExpression) && t.Text(t.First(n)) == t.Text(name) {
			if given != pysyntax.Nil {
				return pysyntax.Nil
			}
			given = t.Child(n, pysyntax.FieldRight)
		}
	}
	return given
}

// attributesLike is getattr(owner, name) of a name that is known in part; false when nothing is known of it.
func (x *interp) attributesLike(owner value, name, at pysyntax.Node) (value, bool) {
	pattern := x.namePattern(name)
	if pattern == nil {
		return nil, false
	}
	var out value
	met := 0
	for _, a := range owner {
		for _, attribute := range x.attributeNames(a) {
			if !pattern.MatchString(attribute) {
				continue
			}
			if met++; met > maxPatterned {
				return out, false
			}
			out = join(out, x.member(one(a), attribute, at))
		}
	}
	return out, true
}

// attributeNames are the methods, the fields and the relationships of a class, sorted.
func (x *interp) attributeNames(a *atom) []string {
	if a.kind != object && a.kind != instance && a.kind != classRef {
		return nil
	}
	names := map[string]bool{}
	for _, r := range x.a.ix.All(a.class) {
		names[r.Name] = true
	}
	for base := range x.a.g.Lineage(a.class) {
		for name := range base.Methods {
			names[name] = true
		}
		for _, f := range base.Fields {
			names[f.Name] = true
		}
	}
	return sortedKeys(names)
}
