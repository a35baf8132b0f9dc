package loadflow

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// optionOf is an option at a place of its own: "selectinload Author.books joinedload Book.chapters".
func (p program) optionOf(t *testing.T, tab *table, place int, steps string) *atom {
	t.Helper()
	words := strings.Fields(steps)
	o := &loaderOption{mod: p.graph.Modules[0], node: pysyntax.Node(place)}
	if len(words) == 1 {
		o.wild = words[0]
		return tab.option(o)
	}
	for i := 0; i < len(words); i += 2 {
		at, ok := p.walk(t, tab, o.path, words[i+1])
		if !ok {
			t.Fatalf("%s leads nowhere", steps)
		}
		o.path, o.loaders = at, append(o.loaders, words[i])
	}
	return tab.option(o)
}

func TestCovered(t *testing.T) {
	p := parse(t, map[string]string{"models.py": pathModels})
	for _, c := range []struct {
		name    string
		options []string
		want    map[string]string // by the path's relationships
	}{
		{"no option", nil, nil},
		{"every step of a chain", []string{"selectinload Author.books joinedload Book.chapters"},
			map[string]string{"Author.books": "selectinload", "Author.books Book.chapters": "joinedload"}},
		{"two chains", []string{"selectinload Author.books", "joinedload Author.edited"},
			map[string]string{"Author.books": "selectinload", "Author.edited": "joinedload"}},
		{"one that loads counts before defaultload", []string{"defaultload Author.books selectinload Book.chapters", "joinedload Author.books"},
			map[string]string{"Author.books": "joinedload", "Author.books Book.chapters": "selectinload"}},
		{"also by name", []string{"defaultload Author.books", "contains_eager Author.books"},
			map[string]string{"Author.books": "contains_eager"}},
		{"of two that load always the same one", []string{"selectinload Author.books", "joinedload Author.books"},
			map[string]string{"Author.books": "selectinload"}},
		{"and before raiseload", []string{"raiseload Author.books", "selectinload Author.books"},
			map[string]string{"Author.books": "selectinload"}},
		{"one that says more loads too", []string{"defaultload Author.books", "selectinload+ Author.books"},
			map[string]string{"Author.books": "selectinload+"}},
		{"one by of_type too", []string{"defaultload Author.books", "joinedload~ Author.books"},
			map[string]string{"Author.books": "joinedload~"}},
		{"defaultload alone covers, and loads nothing", []string{"defaultload Author.books"},
			map[string]string{"Author.books": "defaultload"}},
		{"a subclass reads the same relationship", []string{"selectinload Comic.chapters"},
			map[string]string{"Book.chapters": "selectinload"}},
		{"a wildcard is no path", []string{"raiseload"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			tab := &table{}
			want := coverage{}
			for steps, loader := range c.want {
				at, _ := p.walk(t, tab, nil, strings.Fields(steps)...)
				want[at.rels] = loader
			}
			// Whichever stands first in the file, and whichever came first to the statement.
			for _, order := range [][2]int{{1, 1}, {len(c.options), -1}} {
				var set *optionSet
				for i, o := range c.options {
					set = tab.withOptions(set, one(p.optionOf(t, tab, order[0]+i*order[1], o)))
				}
				if got := set.covered(); !maps.Equal(got, want) {
					t.Errorf("covered %v, want %v", got, want)
				}
			}
		})
	}
}

// TestWithOptions: the options of a statement are a set, whatever the order and the containers that they come in.
func TestWithOptions(t *testing.T) {
	p := parse(t, map[string]string{"models.py": pathModels})
	tab := &table{}
	a := p.optionOf(t, tab, 1, "selectinload Author.books")
	b := p.optionOf(t, tab, 2, "joinedload Author.books joinedload Book.chapters")
	c := p.optionOf(t, tab, 3, "raiseload")
	all := tab.withOptions(nil, valueOf([]*atom{a, b, c}))
	random := rand.New(rand.NewPCG(1, 0))
	for range 50 {
		var set *optionSet
		for _, i := range random.Perm(3) {
			v := one([]*atom{a, b, c}[i])
			if random.IntN(2) == 0 {
				v = tab.collection(tab.tuple([]value{nil, v}, nil))
			}
			set = tab.withOptions(tab.withOptions(set, v), v)
		}
		if set.text() != all.text() || !same(set.atoms(), all.atoms()) {
			t.Fatalf("the options are %s, not %s", set.text(), all.text())
		}
	}
	if other := tab.withOptions(nil, one(tab.external("sqlalchemy.orm.selectinload"))); other != nil {
		t.Errorf("what is no option makes the set %s", other.text())
	}
	if got := all.wildcard(); got != "raiseload" {
		t.Errorf("the wildcard is %q", got)
	}
	if all.unseen() != nil {
		t.Error("one of the options counts as unseen")
	}
	for _, place := range []pysyntax.Node{0, 9} { // before and behind the wildcard
		unknown := tab.option(&loaderOption{mod: p.graph.Modules[0], node: place, wild: unseenOption})
		set := tab.withOptions(all, one(unknown))
		if set.unseen() == nil || set.wildcard() != "raiseload" {
			t.Error("an option that cannot be followed is not told from a wildcard")
		}
	}
}

func TestLoads(t *testing.T) {
	for loader, want := range map[string]bool{
		"selectinload": true, "joinedload": true, "subqueryload": true, "immediateload": true, "contains_eager": true,
		"defaultload": false, "lazyload": false, "noload": false, "raiseload": false, "": false,
	} {
		for _, mark := range []string{"", particular, ofType} {
			if got := loads(loader + mark); got != want {
				t.Errorf("%s loads: %v", loader+mark, got)
			}
			if got := OfType(loader + mark); got != (mark == ofType) {
				t.Errorf("%s goes by of_type: %v", fmt.Sprintf("%q", loader+mark), got)
			}
		}
	}
}
