package rewrite

import (
	"cmp"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// worked takes in what the flow knows: deletions and merges by a session of any name, and attributes that are set by names which are
// data. Before there is a flow (forgets.go) a relationship may seem to come to noload that does not.
func (l *losses) worked() {
	if l.flow == nil {
		return
	}
	for _, w := range l.flow.Works {
		switch w.Kind {
		case loadflow.Deletes:
			l.deletes = cmp.Or(l.deletes, l.at(w.Module, w.Node))
		case loadflow.Merges:
			l.merges = cmp.Or(l.merges, l.at(w.Module, w.Node))
		case loadflow.Sets:
			l.sets = append(l.sets, w)
		}
	}
}

// setOf says where a relationship may be set by a name that is data, "" where it is not: of an object of its class, or of one that is
// not known and is called as that, or as anything is.
func (l *losses) setOf(r *mapper.Relationship) string {
	for _, w := range l.sets {
		if w.Name != "" && w.Name != r.Name {
			continue
		}
		if w.Class == nil {
			if !calledAs(w.Text, r.Owner) && !anyObject[pymodule.Last(w.Text)] {
				continue
			}
		} else if r.Owner != nil && !l.graph.IsSubclass(w.Class, r.Owner) && !l.graph.IsSubclass(r.Owner, w.Class) {
			continue
		}
		if w.Name == "" {
			return l.at(w.Module, w.Node) + " sets what only running code can name"
		}
		return l.at(w.Module, w.Node) + " sets it"
	}
	return ""
}

// anyObject are the names by which code that serves all models calls an object.
var anyObject = map[string]bool{
	"obj": true, "object": true, "instance": true, "model": true, "entity": true, "row": true, "record": true, "item": true,
	"db_obj": true, "db_object": true, "db_item": true, "db_model": true, "existing": true, "target": true, "o": true,
}

// proxied are the relationships that an association_proxy() leads over, by the name of the proxy.
func (p *program) proxied(relationships map[string]bool) map[string][]string {
	out := map[string][]string{}
	for _, m := range p.graph.Modules {
		t := m.Tree
		for _, c := range m.Classes {
			for _, f := range c.Fields {
				for n := range t.Within(f.Value) {
					if t.Kind(n) != pysyntax.Call || pymodule.Last(t.Text(t.Child(n, pysyntax.FieldFunction))) != "association_proxy" {
						continue
					}
					target := t.Keyword(n, "target_collection")
					if target == pysyntax.Nil {
						target = t.First(t.Child(n, pysyntax.FieldArguments))
					}
					if of := pymodule.StringValue(t, target); relationships[of] {
						out[f.Name] = append(out[f.Name], of)
					}
				}
			}
		}
	}
	return out
}
