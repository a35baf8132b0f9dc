package rewrite

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// readUnknown are the reads of relationships that have noload, by their names, of objects that lazyfix knows nothing of: "api.py:9".
// They answer today, and no query can be asked to load for them. The name alone says so where no other class has it, the code names
// the class, or what is read is called as the class is: request.user.notes of User.notes, where schemas have notes, too.
func (p *program) readUnknown(h *held) map[*mapper.Relationship]string {
	out := map[*mapper.Relationship]string{}
	if p.index.Use.Sync && !p.index.Use.Async {
		return out // held to the strategy: see newHeld
	}
	for _, u := range p.flow.Unknown {
		if out[u.Rel] != "" {
			continue
		}
		t := u.Module.Tree
		receiver := t.Child(u.Node, pysyntax.FieldObject)
		if pymodule.Last(t.Text(receiver)) == "awaitable_attrs" {
			receiver = t.Child(receiver, pysyntax.FieldObject)
		}
		c := loadingCode{module: u.Module, function: u.Module.FunctionAround(u.Node), node: t.Root()}
		if c.function != nil {
			c.node = c.function.Node
		}
		if _, known := h.classOf(c, receiver, 0); h.isRead(c, receiver, u.Rel) || !known && calledAs(t.Text(receiver), u.Rel.Owner) {
			out[u.Rel] = p.at(u.Module, u.Node)
		}
	}
	return out
}

// calledAs reports whether an expression ends in a name that a class has, or the end of one: user, request.user and current_user
// for User, meal for UserMeal.
func calledAs(receiver string, c *pymodule.Class) bool {
	if c == nil {
		return false
	}
	name, class := strings.ToLower(strings.ReplaceAll(pymodule.Last(receiver), "_", "")), strings.ToLower(c.Name)
	return len(name) > 2 && (strings.HasSuffix(name, class) || strings.HasSuffix(class, name))
}
