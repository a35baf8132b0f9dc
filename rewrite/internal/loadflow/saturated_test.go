package loadflow

import "testing"

// TestSaturated: what is over a bound is no change, a class of objects that was not there before is one, and so is what comes to a value that
// has lost nothing.
func TestSaturated(t *testing.T) {
	s := newSource(t, 1, true)
	var books, some []*atom
	var author, library *atom
	for _, a := range s.leaves {
		switch {
		case a.kind == object && a.class.Name == "Book":
			books = append(books, a)
		case a.kind == object:
			author = a
		case a.kind == external:
			library = a
		}
	}
	some = append(some, books[:3]...)
	full, few := valueOf(books[1:]), valueOf(some)
	if !hasDropped(full) {
		t.Fatalf("%d books are not too many", len(books))
	}
	dict := func(v value) value { return s.t.record([]entry{{"books", v}}, nil, nil) }
	for _, c := range []struct {
		name     string
		old, new value
		alike    bool
	}{
		{"the same", full, full, true},
		{"one more of too many", full, join(full, one(books[0])), true},
		{"one more of a few", few, join(few, one(books[5])), false},
		{"another class", full, join(full, one(author)), false},
		{"another name of a library", full, join(full, one(library)), true},
		{"one more in a list of too many", s.t.collection(full), s.t.collection(join(full, one(books[0]))), true},
		{"one more in a list of a few", s.t.collection(few), s.t.collection(join(few, one(books[5]))), false},
		{"one more under a key", dict(full), dict(join(full, one(books[0]))), true},
		{"another key", dict(full), s.t.record([]entry{{"books", full}, {"few", few}}, nil, nil), false},
		{"a list where there was none", full, join(full, s.t.collection(few)), false},
	} {
		if got := saturatedAlike(c.old, c.new); got != c.alike {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// TestFewerSaturated: keys whose values have lost something are told apart up to a bound, the others always.
func TestFewerSaturated(t *testing.T) {
	s := newSource(t, 1, true)
	var books []*atom
	for _, a := range s.leaves {
		if a.kind == object && a.class.Name == "Book" {
			books = append(books, a)
		}
	}
	full, few := valueOf(books), one(books[0])
	entries := func(n int) []entry {
		out := []entry{{"few", few}}
		for i := range n {
			out = append(out, entry{string(rune('k' + i)), full})
		}
		return out
	}
	for n, want := range map[int]int{1: 2, maxSaturated: maxSaturated + 1, maxSaturated + 1: 1} {
		d := s.t.record(entries(n), nil, nil)[0]
		if len(d.entries) != want {
			t.Errorf("%d keys of %d", len(d.entries), n+1)
		}
		if !same(d.under("few"), few) || !hasDropped(d.under("k")) {
			t.Errorf("of %d keys one has lost what it has", n+1)
		}
	}
}

// TestEffortIsBounded: an analysis ends that takes too much work, and says that it did not settle.
func TestEffortIsBounded(t *testing.T) {
	p := parse(t, map[string]string{"models.py": flowModels, "app.py": "async def f(session):\n    return await session.get(Author, 1)\n\nasync def g(session):\n    return (await f(session)).books\n"})
	for bound, want := range map[int]bool{1: false, maxEffort: true} {
		a := newAnalysis(p.graph, p.index, Settings{})
		a.maxEffort = bound
		if settled, err := a.solve(t.Context(), 2, nil); err != nil || settled != want {
			t.Errorf("with %d: %v, %v", bound, settled, err)
		}
	}
}
