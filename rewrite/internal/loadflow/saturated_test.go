package loadflow

import "testing"

// TestSettled: what is over a bound is no change, a class of objects that was not there before is one, and so is what comes to a value that
// has lost nothing, unless its unit ran so often that there is no more room.
func TestSettled(t *testing.T) {
	s := newSource(t, 1, true)
	var books, some []*atom
	var author, library, function *atom
	for _, a := range s.leaves {
		switch {
		case a.kind == object && a.class.Name == "Book":
			books = append(books, a)
		case a.kind == object:
			author = a
		case a.kind == external:
			library = a
		case a.kind == funcRef:
			function = a
		}
	}
	some = append(some, books[:3]...)
	full, few := valueOf(books[1:]), valueOf(some)
	if !hasDropped(full) {
		t.Fatalf("%d books are not too many", len(books))
	}
	dict := func(v value) value { return s.t.record([]entry{{"books", v}}, nil, nil) }
	withList := join(full, s.t.collection(few))
	for _, c := range []struct {
		name      string
		old, more value
		runs      int
		want      value
	}{
		{"the same", full, nil, 0, full},
		{"one more of too many", full, one(books[0]), 0, full},
		{"one more of a few", few, one(books[5]), 0, join(few, one(books[5]))},
		{"another class", full, join(one(author), one(books[0])), 0, join(full, one(author))},
		{"another name of a library", full, one(library), 0, full},
		{"one more in a list of too many", s.t.collection(full), s.t.collection(one(books[0])), 0, s.t.collection(full)},
		{"one more in a list of a few", s.t.collection(few), s.t.collection(one(books[5])), 0, s.t.collection(join(few, one(books[5])))},
		{"one more under a key", dict(full), dict(one(books[0])), 0, dict(full)},
		{"another key", dict(full), s.t.record([]entry{{"few", few}}, nil, nil), 0, s.t.record([]entry{{"books", full}, {"few", few}}, nil, nil)},
		{"one more at a place", s.t.tuple([]value{full, few}, nil), s.t.tuple([]value{join(full, one(books[0])), few}, nil), 0, s.t.tuple([]value{full, few}, nil)},
		{"a list where there was none", full, s.t.collection(few), 0, withList},
		{"a name of a library while there is room", one(library), one(function), maxRuns + roomRuns, join(one(library), one(function))},
		{"no room, and the mark says so", one(library), one(function), 60, join(one(library), one(dropped))},
		{"objects need no room", few, one(books[5]), 60, join(few, one(books[5]))},
	} {
		if got := s.t.settled(c.old, s.t.flat(join(c.old, c.more)), roomAfter(c.runs)); !same(got, c.want) {
			t.Errorf("%s: %d atoms, want %d", c.name, len(got), len(c.want))
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
