package rewrite

import "github.com/lazyfix/lazyfix/rewrite/internal/mapper"

// forgets are the relationships that come to have raise or noload, under which the session answers no read with what it holds, as
// far as that is known before anything is followed: some of them may be held back then.
func (p *program) forgets() map[*mapper.Relationship]mapper.Strategy {
	lazy, _ := p.options.lazy()
	if lazy == "raise_on_sql" {
		return nil
	}
	losses, out := p.newLosses(lazy), map[*mapper.Relationship]mapper.Strategy{}
	u := &uncovered{program: p, lazy: lazy}
	u.findRefreshed(nil)
	for _, r := range p.index.Relationships {
		rule := implicitLazy.Name
		switch {
		case r.Lazy == mapper.Noload && lazy == "raise":
			rule = noload.Name
		case u.refreshed[r] != "":
			continue
		case r.Lazy.Eager() && p.options.Eager == "move":
			rule = eagerModel.Name
		case r.Lazy != mapper.Select:
			continue
		}
		if p.options.runs(rule) && r.Locked == "" && p.editable(r.Module, r.Call) == "" && losses.of(r) == "" {
			out[r] = mapper.Strategy(lazy)
		}
	}
	return out
}
