package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// maxNamesakes bounds how many functions an attribute's name may stand for in the order: `x.get()` says too little.
const maxNamesakes = 12

// callOrder gives each function a level: those that it calls have a lower one, unless they call it back. It is only an
// order to work in, taken from names; what is called is found out by interpreting. A wrong level costs another round.
func callOrder(g *pymodule.Graph) (levels []int, count int) {
	named := map[string][]int{}
	for _, f := range g.Functions {
		named[f.Name] = append(named[f.Name], f.Index)
	}
	o := &orderer{calls: make([][]int, len(g.Functions)), low: make([]int, len(g.Functions)), at: make([]int, len(g.Functions)), level: make([]int, len(g.Functions)), done: make([]bool, len(g.Functions))}
	for _, f := range g.Functions {
		o.calls[f.Index] = calledNames(f, named)
	}
	for i := range o.calls {
		if o.at[i] == 0 {
			o.visit(i)
		}
	}
	for _, l := range o.level {
		count = max(count, l+1)
	}
	return o.level, count
}

// calledNames are the functions whose names a function reads.
func calledNames(f *pymodule.Function, named map[string][]int) []int {
	t := f.Module.Tree
	var out []int
	for n := range t.Within(f.Body) {
		if t.Kind(n) != pysyntax.Identifier {
			continue
		}
		if same := named[t.Text(n)]; len(same) <= maxNamesakes {
			out = append(out, same...)
		}
	}
	return out
}

// orderer finds strongly connected groups (Tarjan) and how far each stands above those that call nothing.
type orderer struct {
	calls [][]int
	at    []int // order of the first visit from 1; 0: not yet
	low   []int
	level []int
	stack []int
	next  int
	done  []bool
}

// visit has its own stack: a chain of calls may be as long as the program.
func (o *orderer) visit(root int) {
	type frame struct{ f, next int }
	work := []frame{{root, 0}}
	o.enter(root)
	for len(work) > 0 {
		top := &work[len(work)-1]
		if top.next < len(o.calls[top.f]) {
			c := o.calls[top.f][top.next]
			top.next++
			if o.at[c] == 0 {
				o.enter(c)
				work = append(work, frame{c, 0})
			} else if !o.done[c] {
				o.low[top.f] = min(o.low[top.f], o.at[c])
			}
			continue
		}
		f := top.f
		work = work[:len(work)-1]
		if len(work) > 0 {
			up := work[len(work)-1].f
			o.low[up] = min(o.low[up], o.low[f])
		}
		if o.low[f] == o.at[f] {
			o.close(f)
		}
	}
}

func (o *orderer) enter(f int) {
	o.next++
	o.at[f], o.low[f] = o.next, o.next
	o.stack = append(o.stack, f)
}

// close takes a whole group from the stack: its level is one above the highest that it calls.
func (o *orderer) close(f int) {
	start := len(o.stack) - 1
	for o.stack[start] != f {
		start--
	}
	group := o.stack[start:]
	level := 0
	for _, m := range group {
		for _, c := range o.calls[m] {
			if o.done[c] {
				level = max(level, o.level[c]+1)
			}
		}
	}
	for _, m := range group {
		o.level[m], o.done[m] = level, true
	}
	o.stack = o.stack[:start]
}
