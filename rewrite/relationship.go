package rewrite

import "sort"

// Relationship is one of the program, as it is spelled: what a mixin has is one, however many classes inherit it.
type Relationship struct {
	Place        // of the call that makes it
	Class string // the name of the class whose body has it
	Name  string
	Lazy  string // "select" where nothing is said, "unknown" where it is no constant
}

// relationships are all of the program, sorted by place.
func (p *program) relationships() []Relationship {
	var out []Relationship
	for _, r := range p.index.Relationships {
		one := Relationship{Place: p.place(r.Module, r.Call), Name: r.Name, Lazy: string(r.Lazy)}
		if r.Owner != nil {
			one.Class = r.Owner.Name
		}
		out = append(out, one)
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i].Place, out[j].Place
		if a.File != b.File {
			return a.File < b.File
		}
		return a.Line < b.Line || a.Line == b.Line && a.Column < b.Column
	})
	return out
}
