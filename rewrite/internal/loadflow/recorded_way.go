package loadflow

import (
	"sort"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// recordedHops is the way of a recorded load: out from the read to the function that both the read and the query were
// called from, and in from there to the query.
func recordedHops(r *Recorded, s *Site) []Hop {
	last := r.Steps[len(r.Steps)-1]
	at := r.Read[0]
	out := []Hop{{at.Module, nodeAt(at, last.Rel.Name), "reads " + last.Class.Name + "." + last.Rel.Name}}
	add := func(at Spot, text string) {
		n := nodeAt(at, "")
		if h := out[len(out)-1]; n == pysyntax.Nil || h.Module == at.Module && at.Module.Tree.Line(h.Node) == at.Line {
			return
		}
		out = append(out, Hop{at.Module, n, text})
	}
	i, j, ok := meeting(r.Read, r.Query)
	if ok {
		for _, s := range r.Read[1 : i+1] {
			add(s, "called here")
		}
		for k := j; k >= 0; k-- {
			add(r.Query[k], "returned here")
		}
	} else if len(r.Query) > 0 {
		add(r.Query[0], "returned here")
	}
	if s == nil {
		return out
	}
	text := "queried"
	if s.Function != nil && s.Module != at.Module {
		text = "queried in " + s.Function.Qual
	}
	if h := out[len(out)-1]; len(out) > 1 && h.Module == s.Module && coversLine(s.Module.Tree, s.Node, s.Module.Tree.Line(h.Node)) {
		out = out[:len(out)-1]
	}
	return append(out, Hop{s.Module, s.Node, text})
}

// meeting is the innermost function that is on both stacks.
func meeting(read, query []Spot) (i, j int, ok bool) {
	for i, a := range read {
		for j, b := range query {
			if a.Module == b.Module && a.Function == b.Function {
				return i, j, true
			}
		}
	}
	return 0, 0, false
}

// nodeAt is the node to name for a spot: where the attribute is read, else what begins in the line.
func nodeAt(s Spot, attribute string) pysyntax.Node {
	t := s.Module.Tree
	begin := 1
	if !s.Module.Template && s.Line <= t.LineCount() { // the places of a template are in another order than its nodes
		start := t.LineStart(s.Line)
		begin = sort.Search(t.Len(), func(i int) bool { return i > 0 && t.Start(pysyntax.Node(i)) >= start })
	}
	first := t.Root()
	for n := pysyntax.Node(begin); int(n) < t.Len(); n++ {
		if t.Line(n) != s.Line {
			if s.Module.Template {
				continue
			}
			break
		}
		if attribute != "" && t.Kind(n) == pysyntax.Attribute && t.Text(t.Child(n, pysyntax.FieldAttribute)) == attribute {
			return n
		}
		if first == t.Root() && t.Kind(n) != pysyntax.Comment {
			first = n
		}
	}
	return first
}
