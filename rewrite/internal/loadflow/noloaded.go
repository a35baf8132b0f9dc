package loadflow

import "github.com/lazyfix/lazyfix/rewrite/internal/mapper"

// A relationship under lazy="noload" answers any read, one that nobody follows among them: request.user.notes.append(note), of a user
// whom a library gives, works and saves the note. Under a strategy that raises it fails, which is worse than a read that is missed
// elsewhere and failed before.

// noloadedNames are the names of the relationships that have noload.
func noloadedNames(ix *mapper.Index) map[string]bool {
	var out map[string]bool
	for _, r := range ix.Relationships {
		if r.Lazy == mapper.Noload {
			if out == nil {
				out = map[string]bool{}
			}
			out[r.Name] = true
		}
	}
	return out
}

// unknownNoloaded are the attributes of such a name whose owner no unit knows anything of, outside of tests.
func (p *propagation) unknownNoloaded(ids []string) []Hold {
	if len(p.a.noloaded) == 0 {
		return nil
	}
	byName := map[string][]*mapper.Relationship{}
	for _, r := range p.a.ix.Relationships {
		if r.Lazy == mapper.Noload {
			byName[r.Name] = append(byName[r.Name], r)
		}
	}
	var out []Hold
	for _, h := range p.unknownAttributes(ids, byName) {
		if !h.Module.Test() {
			out = append(out, h)
		}
	}
	return out
}
