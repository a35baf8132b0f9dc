package loadflow

import (
	"cmp"
	"maps"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// The order in which units are run: each has a level above those of what it uses, as far as that does not use it. It is
// only an order to work in. A wrong level costs another run. Before the first round only names can say who uses whom; from
// then on it is known what was used.

// maxNamesakes bounds how many functions an attribute's name may stand for in the order: `x.get()` says too little.
const maxNamesakes = 12

// callOrder gives each function a level by the names that it reads.
func callOrder(g *pymodule.Graph) []int {
	named := map[string][]int{}
	for _, f := range g.Functions {
		named[f.Name] = append(named[f.Name], f.Index)
	}
	uses := make([][]int, len(g.Functions))
	for _, f := range g.Functions {
		uses[f.Index] = namesIn(f, named)
	}
	return levels(uses)
}

// namesIn are the functions whose names stand in a function, those of its parameters included: pytest's fixtures.
func namesIn(f *pymodule.Function, named map[string][]int) []int {
	t := f.Module.Tree
	var out []int
	for n := range t.Within(f.Node) {
		if t.Kind(n) != pysyntax.Identifier {
			continue
		}
		if same := named[t.Text(n)]; len(same) <= maxNamesakes {
			out = append(out, same...)
		}
	}
	return out
}

// levels puts each node above all that it uses, but for what uses it in turn: of a circle, the edge counts as none that
// closes it, from the first node on. Groups of all that use each other on one level would take as many rounds as their
// longest way.
func levels(uses [][]int) []int {
	level := make([]int, len(uses)) // 0: not yet; -1: being visited
	type frame struct{ node, next, above int }
	for root := range uses {
		if level[root] != 0 {
			continue
		}
		level[root] = -1
		work := []frame{{node: root}} // a chain of calls may be as long as the program
		for len(work) > 0 {
			top := &work[len(work)-1]
			if top.next == len(uses[top.node]) {
				level[top.node] = top.above + 1
				work = work[:len(work)-1]
				if len(work) > 0 {
					up := &work[len(work)-1]
					up.above = max(up.above, level[top.node])
				}
				continue
			}
			used := uses[top.node][top.next]
			top.next++
			switch level[used] {
			case 0:
				level[used] = -1
				work = append(work, frame{node: used})
			case -1:
			default:
				top.above = max(top.above, level[used])
			}
		}
	}
	return level
}

// enqueue has a unit run at its level, in this round if that is still to come.
func (a *analysis) enqueue(u *unit) {
	for len(a.queue) <= u.level {
		a.queue = append(a.queue, nil)
	}
	a.queue[u.level] = append(a.queue[u.level], u)
}

// place gives a unit that was never run its first level: by names, above all that were run.
func (a *analysis) place(u *unit) {
	u.level = a.above
	if u.key.fn != nil { // else the top level of a module
		u.level += a.byName[u.key.fn.Index]
	}
}

// reorder gives all units levels by what they were seen to use: other units, names of functions around, and fields, behind
// which stand those who store in them.
func (a *analysis) reorder() {
	fields := slices.SortedFunc(maps.Keys(a.fields), func(k, l fieldKey) int {
		return cmp.Or(compareClasses(k.class, l.class), cmp.Compare(k.name, l.name), cmp.Compare(k.template, l.template), compareBool(k.made, l.made))
	})
	uses := make([][]int, len(a.list)+len(fields))
	use := func(users []*unit, node int) {
		for _, u := range users {
			uses[u.index] = append(uses[u.index], node)
		}
	}
	for i, u := range a.list {
		use(a.users.units[u.key.id], i)
		use(a.users.vars[u.key.id], i)
	}
	for i, k := range fields {
		node := len(a.list) + i
		for id := range a.fields[k] {
			uses[node] = append(uses[node], a.units[id].index)
		}
		slices.Sort(uses[node])
		use(a.users.fields[lookup{k.class, k.name}], node)
		for _, c := range a.g.Subclasses(k.class) {
			use(a.users.fields[lookup{c, k.name}], node)
		}
	}
	level := levels(uses)
	a.above = slices.Max(level)
	waiting := a.queue
	a.queue = nil
	for i, u := range a.list {
		if u.level = level[i]; u.runs == 0 {
			a.place(u)
		}
	}
	for _, units := range waiting {
		for _, u := range units {
			a.enqueue(u)
		}
	}
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func compareClasses(a, b *pymodule.Class) int {
	if a == nil || b == nil { // what belongs to no class
		return cmp.Compare(classID(a), classID(b))
	}
	return cmp.Or(cmp.Compare(a.Module.Index, b.Module.Index), cmp.Compare(a.Node, b.Node))
}
