package rewrite

import (
	"cmp"
	"slices"
)

// Read is one relationship that is read of what a query gives.
type Read struct {
	Place
	Name   string // of the relationship
	Query  Place
	Loaded bool // by that query, or by the model, already
}

// reads are all that the flow was asked for, sorted by place and query.
func (p *program) reads() []Read {
	var out []Read
	for _, r := range p.flow.Reached {
		out = append(out, Read{p.place(r.Module, r.Node), r.Rel.Name, p.place(r.Site.Module, r.Site.Node), r.Loaded})
	}
	slices.SortFunc(out, func(a, b Read) int {
		same := cmp.Or(comparePlaces(a.Place, b.Place), cmp.Compare(a.Name, b.Name), comparePlaces(a.Query, b.Query))
		if same == 0 && a.Loaded != b.Loaded && b.Loaded {
			return -1
		}
		return same
	})
	// Of classes that have a relationship of the same name the one that is not loaded counts.
	return slices.CompactFunc(out, func(a, b Read) bool {
		a.Loaded = b.Loaded
		return a == b
	})
}

func comparePlaces(a, b Place) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}
