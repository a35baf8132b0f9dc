package rewrite

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
)

// Read is one relationship that is read of what a query gives.
type Read struct {
	Place
	Name   string // of the relationship
	Query  Place
	Loaded bool // by that query, or by the model, already
	Why    []Step
	// Options are the lines of the loaders that the query has for it, the first and the last of each.
	Options [][2]Place
}

// reads are all that the flow was asked for, sorted by place and query.
func (p *program) reads() []Read {
	var out []Read
	for _, r := range p.flow.Reached {
		out = append(out, Read{
			p.place(r.Module, r.Node), r.Rel.Name, p.place(r.Site.Module, r.Site.Node), r.Loaded, p.steps(r.Why), p.extents(r.Options),
		})
	}
	slices.SortFunc(out, func(a, b Read) int {
		same := cmp.Or(comparePlaces(a.Place, b.Place), cmp.Compare(a.Name, b.Name), comparePlaces(a.Query, b.Query))
		if same == 0 && a.Loaded != b.Loaded {
			if b.Loaded {
				return -1
			}
			return 1
		}
		return cmp.Or(same, slices.CompareFunc(a.Why, b.Why, func(a, b Step) int {
			return cmp.Or(comparePlaces(a.Place, b.Place), cmp.Compare(a.Text, b.Text))
		}), slices.CompareFunc(a.Options, b.Options, func(a, b [2]Place) int { return comparePlaces(a[0], b[0]) }))
	})
	// Of classes that have a relationship of the same name the one that is not loaded counts.
	return slices.CompactFunc(out, func(a, b Read) bool {
		return a.Place == b.Place && a.Name == b.Name && a.Query == b.Query
	})
}

// extents are where expressions begin and where they end.
func (p *program) extents(nodes []loadflow.Hop) [][2]Place {
	var out [][2]Place
	for _, h := range nodes {
		first := p.place(h.Module, h.Node)
		last := first
		last.Line += strings.Count(h.Module.Tree.Text(h.Node), "\n")
		out = append(out, [2]Place{first, last})
	}
	return out
}

func comparePlaces(a, b Place) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}
