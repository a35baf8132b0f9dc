package loadflow

import (
	"slices"
	"testing"
)

// TestHolds: what is counted of an atom once is what a walk through it finds.
func TestHolds(t *testing.T) {
	eachSeed(t, false, func(t *testing.T, s *source) {
		var depth func(v value) int
		depth = func(v value) (d int) {
			for _, a := range v {
				n := 0
				switch a.kind {
				case collection, mapping, resultRows:
					n = 1 + max(depth(a.elem), depth(a.key))
				case funcRef:
					n = 1 + depth(a.self)
				}
				for _, e := range a.elems {
					n = max(n, 1+depth(e))
				}
				d = max(d, n)
			}
			return d
		}
		for range 300 {
			v := s.any()
			found, made := false, false
			for _, a := range flatten(v) {
				found, made = found || a.kind == object, made || a.kind == instance
				if a.kind == object && !v.leadsTo(a) {
					t.Fatalf("%s does not lead to %s", v.id(), a.id)
				}
			}
			if hasObject(v) != found {
				t.Fatalf("hasObject of %s is %v", v.id(), !found)
			}
			if hasInstance(v) != made {
				t.Fatalf("hasInstance of %s is %v", v.id(), !made)
			}
			if got, want := depthOf(v), depth(v); got != want {
				t.Fatalf("the depth of %s is %d, not %d", v.id(), got, want)
			}
		}
	})
}

// TestMeetShapes: where n ways meet there is one instance, dictionary and tuple, with all that is in any of them.
func TestMeetShapes(t *testing.T) {
	s := newSource(t, 1, false)
	tab, o, p := s.t, one(s.leaves[0]), one(s.leaves[1])
	box := s.leaves[len(s.leaves)-5].class
	made := func(v value) value {
		return one(tab.made(box, typeArgs{}, []entry{{"order", v}, {"other", o}}))
	}
	record := func(v value) value { return tab.record([]entry{{"order", v}}, nil, nil) }
	pair := func(v value) value { return tab.tuple([]value{v, o}, nil) }
	for name, make := range map[string]func(value) value{
		"instance": made, "dictionary": record, "tuple": pair,
		"one in another": func(v value) value { return record(made(v)) },
	} {
		if got, want := tab.meetShapes(join(make(o), make(p), p)), join(make(join(o, p)), p); !same(got, want) {
			t.Errorf("%s: %s, not %s", name, got.id(), want.id())
		}
	}
	for name, v := range map[string]value{
		"other attributes": join(made(o), one(tab.made(box, typeArgs{}, []entry{{"order", o}}))),
		"other keys":       join(record(o), tab.record([]entry{{"item", o}}, nil, nil)),
		"longer":           join(pair(o), tab.tuple([]value{o}, nil)),
		"names":            join(pair(o), tab.tuple([]value{o, o}, []string{"a", "b"})),
		"no entry known":   join(made(o), one(tab.instance(box, typeArgs{}))),
	} {
		if got := tab.meetShapes(v); !same(got, v) {
			t.Errorf("%s: %s became %s", name, v.id(), got.id())
		}
	}
}

// TestMadeIsBounded: instances that hold each other twice double with each level, up to where no more is told apart.
func TestMadeIsBounded(t *testing.T) {
	s := newSource(t, 1, false)
	box := s.leaves[len(s.leaves)-5].class
	v := one(s.t.made(box, typeArgs{}, []entry{{"left", one(s.leaves[0])}}))
	for range 4 * maxNesting {
		other := s.t.tuple(slices.Repeat([]value{v}, 30), nil)
		v = one(s.t.made(box, typeArgs{}, []entry{{"left", other}, {"right", other}}))
		if n := len(flatten(v)); n > 2*maxSize {
			t.Fatalf("%d atoms in one", n)
		}
	}
}
