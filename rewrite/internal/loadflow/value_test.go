package loadflow

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// source makes random values. All that it made before may stand in what it makes next, so values nest.
type source struct {
	*rand.Rand
	t      *table
	leaves []*atom
	made   []value
}

// newSource makes leaves of each kind that can stand alone: many is more of them than a value can hold.
func newSource(t *testing.T, seed uint64, many bool) *source {
	t.Helper()
	p := parse(t, map[string]string{"models.py": flowModels, "app.py": "def show(book):\n    return book\n\n\nclass Box:\n    pass\n"})
	s := &source{Rand: rand.New(rand.NewPCG(seed, 0)), t: &table{}}
	n := 4
	if many {
		n = 3 * maxAtoms
	}
	book, author := p.class(t, "Book"), p.class(t, "Author")
	_, toAuthor := p.relationship(t, "Book.author")
	step, _ := s.t.step(nil, book, toAuthor)
	key := functionKey(p.graph.Functions[0], nil, typeArgs{}, nil, nil)
	for i := range n {
		o := s.t.paramOrigin(key, i)
		s.leaves = append(s.leaves,
			s.t.object(book, o, nil),
			s.t.object(author, o, step),
			s.t.external(fmt.Sprintf("sqlalchemy.orm.name%d", i)),
			s.t.external(fmt.Sprintf("library.name%d", i)),
			s.t.optionParam(key, i),
		)
	}
	s.leaves = append(s.leaves,
		s.t.instance(p.class(t, "Box"), typeArgs{}),
		s.t.classRef(book, typeArgs{}, false),
		s.t.classRef(book, typeArgs{}, true),
		s.t.funcRef(p.graph.Functions[0], nil, nil),
		s.t.relRef(book, step, ""),
	)
	return s
}

// flat is a value of leaves.
func (s *source) flat() value {
	atoms := make([]*atom, s.IntN(maxAtoms+1))
	for i := range atoms {
		atoms[i] = s.leaves[s.IntN(len(s.leaves))]
	}
	return valueOf(atoms)
}

// any is a value made by one of the constructors out of earlier ones.
func (s *source) any() value {
	earlier := func() value {
		if len(s.made) == 0 {
			return s.flat()
		}
		return s.made[s.IntN(len(s.made))]
	}
	var v value
	switch s.IntN(8) {
	case 0, 1:
		v = s.flat()
	case 2:
		v = s.t.collection(earlier())
	case 3:
		v = s.t.mapping(earlier(), earlier())
	case 4:
		v = s.t.tuple([]value{earlier(), earlier()}, []string{"a", "b"})
	case 5:
		v = s.t.rows(s.t.tuple([]value{s.flat(), s.flat()}, nil))
	case 6:
		v = one(s.t.funcRef(s.leaves[len(s.leaves)-2].fn, earlier(), nil))
	default:
		v = join(earlier(), earlier())
	}
	s.made = append(s.made, v)
	return v
}

// seeds are those of the properties below; one that failed is worth adding.
var seeds = []uint64{1, 2, 3, 4}

func eachSeed(t *testing.T, many bool, f func(t *testing.T, s *source)) {
	for _, seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { f(t, newSource(t, seed, many)) })
	}
}

// TestJoin holds the laws of the lattice, where values are full too: then it is always the same atoms that are dropped.
func TestJoin(t *testing.T) {
	eachSeed(t, true, func(t *testing.T, s *source) {
		full := 0
		for range 400 {
			a, b, c := s.any(), s.any(), s.any()
			before := [...]value{slices.Clone(a), slices.Clone(b), slices.Clone(c)}
			ab := join(a, b)
			if !same(ab, join(b, a)) {
				t.Fatalf("join is not commutative:\n%s\n%s", a.id(), b.id())
			}
			if !same(join(ab, c), join(a, join(b, c))) {
				t.Fatalf("join is not associative:\n%s\n%s\n%s", a.id(), b.id(), c.id())
			}
			if !same(join(a, b, c), join(c, ab)) {
				t.Fatalf("join of three is not that of two and one:\n%s\n%s\n%s", a.id(), b.id(), c.id())
			}
			if !same(join(a, a), a) || !same(join(a, nil), a) || !same(join(nil, a), a) {
				t.Fatalf("join of a value with itself or with nothing is another one: %s", a.id())
			}
			if !same(join(ab, a), ab) {
				t.Fatalf("what was joined already changes the value:\n%s\n%s", a.id(), b.id())
			}
			union := slices.Concat(a, b)
			slices.SortFunc(union, func(a, b *atom) int { return strings.Compare(a.id, b.id) })
			union = slices.Compact(union)
			if len(union) > maxAtoms {
				full++
				union = bounded(union)
			}
			if !same(ab, union) {
				t.Fatalf("join is %s, not %s", ab.id(), union.id())
			}
			if !same(a, before[0]) || !same(b, before[1]) || !same(c, before[2]) {
				t.Fatal("join changed a value in place")
			}
		}
		if full == 0 {
			t.Error("no union was over the bound")
		}
	})
}

func TestValueOf(t *testing.T) {
	eachSeed(t, true, func(t *testing.T, s *source) {
		for range 200 {
			atoms := make([]*atom, s.IntN(2*maxAtoms))
			for i := range atoms {
				atoms[i] = s.leaves[s.IntN(len(s.leaves))]
			}
			other := slices.Clone(atoms)
			s.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
			v := valueOf(slices.Concat(other, other))
			if !same(valueOf(atoms), v) {
				t.Fatalf("the order of atoms, or one that stands twice, makes another value: %s", v.id())
			}
			ordered(t, v)
		}
	})
}

func TestBounded(t *testing.T) {
	var tab table
	var v value
	module := &pymodule.Module{}
	for i := range 2 * maxAtoms {
		v = append(v, tab.external("x"+strconv.Itoa(i)), tab.option(&loaderOption{mod: module, wild: strconv.Itoa(i)}))
	}
	options, others := 0, 0
	for _, a := range valueOf(v) {
		if a.kind == option {
			options++
		} else {
			others++
		}
	}
	if options != 2*maxAtoms || others != maxAtoms {
		t.Errorf("%d options and %d others are kept", options, others)
	}
}

// ordered holds what every value must be: atoms in the strict order of their keys, and no more of them than the bound.
func ordered(t *testing.T, v value) {
	t.Helper()
	if len(bounded(v)) < len(v) {
		t.Fatalf("%d atoms, over the bound", len(v))
	}
	for i := 1; i < len(v); i++ {
		if v[i-1].id >= v[i].id {
			t.Fatalf("atoms out of order: %q, %q", v[i-1].id, v[i].id)
		}
	}
}

// nesting is how deep containers stand in containers in v.
func nesting(v value) int {
	deepest := 0
	for _, a := range v {
		n := 0
		for _, in := range slices.Concat([]value{a.elem, a.key, a.self}, a.elems) {
			n = max(n, nesting(in))
		}
		switch a.kind {
		case collection, mapping, tuple, resultRows:
			n++
		}
		deepest = max(deepest, n)
	}
	return deepest
}

// inside are v and all values in it.
func inside(v value) []value {
	out := []value{v}
	for _, a := range v {
		for _, in := range slices.Concat([]value{a.elem, a.key, a.self}, a.elems) {
			out = append(out, inside(in)...)
		}
	}
	return out
}

// TestBounds: whatever containers are made of whatever values, none is too deep or too wide, and ids stay short.
func TestBounds(t *testing.T) {
	for _, many := range []bool{false, true} {
		eachSeed(t, many, func(t *testing.T, s *source) {
			deepest := 0
			for range 300 {
				v := s.any()
				for _, a := range v {
					if len(a.id) > maxID {
						t.Fatalf("an id of %d bytes: %s", len(a.id), a.id)
					}
					switch a.kind {
					case collection, mapping, tuple:
						d := max(nesting(one(a)), depthOf(one(a)))
						if deepest = max(deepest, d); d > maxNesting {
							t.Fatalf("containers %d deep, over the bound of %d: %s", d, maxNesting, a.id)
						}
					}
				}
				for _, in := range inside(v) {
					ordered(t, in)
				}
			}
			if deepest < maxNesting {
				t.Errorf("no value was deeper than %d", deepest)
			}
		})
	}
}

// TestHeld: the more goes into a container, the more is in it. A value that shrank when something was added would never
// settle.
func TestHeld(t *testing.T) {
	eachSeed(t, false, func(t *testing.T, s *source) {
		for range 300 {
			a, b := s.any(), s.any()
			for name, container := range map[string]func(value) value{
				"collection": s.t.collection,
				"mapping":    func(v value) value { return s.t.mapping(nil, v) },
				"tuple":      func(v value) value { return s.t.tuple([]value{v}, nil) },
			} {
				both := leavesOf(container(join(a, b)))
				for leaf := range leavesOf(container(a)) {
					if !both[leaf] {
						t.Fatalf("a %s of %s holds %s, but with %s added it does not", name, a.id(), leaf.id, b.id())
					}
				}
			}
		}
	})
}

// leavesOf are the atoms in a value that are no containers; of functions those bound to what is not nested itself.
func leavesOf(v value) map[*atom]bool {
	out := map[*atom]bool{}
	for _, a := range flatten(v) {
		switch a.kind {
		case collection, mapping, tuple, resultRows:
		case funcRef:
			if depthOf(a.self) < maxNesting-1 {
				out[a] = true
			}
		default:
			out[a] = true
		}
	}
	return out
}

// TestUseful: names of libraries, and containers of nothing, do not go into containers; SQLAlchemy's names do.
func TestUseful(t *testing.T) {
	tab := &table{}
	orm, other := tab.external("sqlalchemy.orm.selectinload"), tab.external("json.dumps")
	empty := tab.collection(nil)
	if got := tab.collection(join(one(orm), one(other), empty)); !same(got, tab.collection(one(orm))) {
		t.Errorf("the collection is %s", got.id())
	}
	if !same(tab.collection(one(other)), empty) {
		t.Error("a collection of a library's name is not that of nothing")
	}
}

// TestFlat: alternatives of containers are one container of all that the alternatives hold.
func TestFlat(t *testing.T) {
	tab := &table{}
	a, b := one(tab.external("sqlalchemy.a")), one(tab.external("sqlalchemy.b"))
	if got, want := tab.flat(join(tab.collection(a), tab.collection(b), a)), join(a, tab.collection(join(a, b))); !same(got, want) {
		t.Errorf("collections: %s, not %s", got.id(), want.id())
	}
	if got, want := tab.flat(join(tab.mapping(a, b), tab.mapping(b, a))), tab.mapping(join(a, b), join(a, b)); !same(got, want) {
		t.Errorf("mappings: %s, not %s", got.id(), want.id())
	}
	if single := join(tab.collection(a), tab.mapping(a, b)); !same(tab.flat(single), single) {
		t.Error("one of each is changed")
	}
}

// TestIntern: workers that make the same atom at once get the same pointer, and different ones never do, though their
// ids are cut short.
func TestIntern(t *testing.T) {
	tab := &table{}
	const workers, atoms = 8, 300
	made := make([][]*atom, workers)
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			for i := range atoms {
				a := tab.external(strings.Repeat("x", maxID) + fmt.Sprint(i))
				made[w] = append(made[w], a, tab.collection(one(a))[0], tab.tuple([]value{one(a), nil}, nil)[0], tab.tuple([]value{nil, one(a)}, nil)[0])
			}
		})
	}
	group.Wait()
	for w := range workers {
		if !slices.Equal(made[0], made[w]) {
			t.Fatalf("worker %d has other atoms", w)
		}
	}
	// A collection of a library's name is empty, and so is such a tuple: one of each.
	if got, want := len(leafSet(made[0])), atoms+2; got != want {
		t.Errorf("%d different atoms, not %d", got, want)
	}
}

func leafSet(atoms []*atom) map[*atom]bool {
	out := map[*atom]bool{}
	for _, a := range atoms {
		out[a] = true
	}
	return out
}
