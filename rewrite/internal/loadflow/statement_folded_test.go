package loadflow

import (
	"slices"
	"strconv"
	"testing"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// TestFolded holds what stands for the sets of options of one statement, in which order whatever they come.
func TestFolded(t *testing.T) {
	var tab table
	module := &pymodule.Module{}
	class := &pymodule.Class{Module: module}
	loader := func(i int, name string) *atom {
		rel := &mapper.Relationship{Name: "r" + strconv.Itoa(i)}
		return tab.option(&loaderOption{mod: module, node: pysyntax.Node(i), path: tab.path(nil, class, rel, false), loaders: []string{name}})
	}
	always, not := loader(1, "joinedload"), loader(2, "noload")
	unseen := tab.option(&loaderOption{mod: module, node: 3, wild: unseenOption})
	some := []*atom{loader(4, "selectinload"), loader(5, "selectinload"), loader(6, "subqueryload"), not, unseen}
	site := tab.site(&Site{Module: module, Node: 100})
	variant := func(options ...*atom) *atom {
		return tab.statement(&stmt{site: site, opts: tab.optionSet(append(slices.Clone(options), always))})[0]
	}
	var variants []*atom
	for set := range 1 << len(some) {
		var options []*atom
		for i, o := range some {
			if set&(1<<i) != 0 {
				options = append(options, o)
			}
		}
		variants = append(variants, variant(options...))
	}
	other := tab.statement(&stmt{site: tab.site(&Site{Module: module, Node: 200})})
	want := []value{
		tab.optionSet([]*atom{always}).atoms(), tab.optionSet([]*atom{always, not, unseen}).atoms(),
		tab.optionSet([]*atom{always, some[0], some[1], some[2]}).atoms(),
	}
	few := valueOf(slices.Clone(variants[:maxVariants]))
	if len(few) != maxVariants || foldedKins(few) != nil {
		t.Errorf("%d statements are folded to %d", maxVariants, len(few))
	}
	all := join(valueOf(slices.Clone(variants)), other, one(dropped))
	for i := range variants {
		turned := slices.Concat(variants[i:], variants[:i])
		v := join(one(dropped), other)
		for _, a := range turned {
			v = join(v, one(a))
		}
		if !same(v, all) || !same(join(v, one(turned[0])), v) || foldedKins(v) == nil || !hasDropped(v) {
			t.Fatalf("from %d on: %s, not %s", i, v.id(), all.id())
		}
	}
	if len(all) != len(want)+2 || !slices.Contains(all, other[0]) {
		t.Fatalf("%d statements stand for %d", len(all), len(variants))
	}
	for _, w := range want {
		if !slices.ContainsFunc(all, func(a *atom) bool { return a.kind == statement && a.stmt.folded && same(a.stmt.opts.atoms(), w) }) {
			t.Errorf("none has the options %s", w.id())
		}
	}
	if got := mergeGuarded(all); !same(got, all) {
		t.Errorf("where ways meet it is %s", got.id())
	}
}
