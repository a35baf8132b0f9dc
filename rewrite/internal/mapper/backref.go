package mapper

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// backrefs makes the other side of every relationship that says backref=.
func (b *builder) backrefs() {
	for _, r := range append([]*Relationship(nil), b.ix.Relationships...) {
		c := b.calls[r]
		n := c.keyword("backref")
		if n == pysyntax.Nil || r.Target == nil || c.at.m != r.Module {
			continue
		}
		other := &Relationship{
			Owner: r.Target, Module: r.Module, Call: r.Call, Form: FormBackref, Target: b.onlyUser(r.Owner),
			Lazy: Select, LazyNode: pysyntax.Nil, Locked: r.backrefLock(), Says: map[string]string{},
			ForeignKeyHere: b.direction(r, c) == oneToMany,
		}
		n = b.unwrap(c.at, n)
		said, ok := b.readBackref(other, c.at, n)
		if !ok {
			continue
		}
		other.Name, _ = b.constant(c.at, said.name)
		other.Back = n
		if c.node != r.Call {
			other.Back, other.Locked = pysyntax.Nil, "the backref stands in the function that makes the relationship"
		}
		for _, both := range []string{"secondary", "foreign_keys", "primaryjoin"} { // said once, for the two of them
			if says := r.Says[both]; says != "" && other.Says[both] == "" {
				other.Says[both] = says
			}
		}
		other.Many = b.manyBack(r, c, said.uselist)
		if other.Locked == "" && b.ofLibrary(c.at, c.at.m.Tree.Child(c.node, pysyntax.FieldFunction), "relationship") {
			other.Locked = "what the library's relationship() makes of a backref is not known"
		}
		if other.Name != "" {
			b.addBack(other)
		} else {
			b.addBackByUser(r, other, c.at, said.name)
		}
	}
}

// backref is the name that a backref= gives the other side, and its uselist=; Nil is what it does not say.
type backref struct{ name, uselist pysyntax.Node }

// readBackref reads "orders", backref("orders", lazy=...) or ("orders", {"lazy": ...}) into the other side; false for a call of
// something else.
func (b *builder) readBackref(other *Relationship, at place, n pysyntax.Node) (said backref, ok bool) {
	t := at.m.Tree
	switch t.Kind(n) {
	case pysyntax.Call:
		function := t.Child(n, pysyntax.FieldFunction)
		if !fromSQLAlchemy(b.external(at, function), "backref") && !b.ofLibrary(at, function, "backref") {
			return backref{}, false
		}
		back := readCall(at, n)
		b.readLazy(other, back)
		other.Says = b.texts(at, back.keywords)
		return backref{back.arg(0, "name"), back.keyword("uselist")}, true
	case pysyntax.Tuple:
		return backref{t.First(n), b.backrefEntries(other, b.entries(at, t.Nth(n, 1)), at)}, true
	}
	return backref{n, pysyntax.Nil}, true
}

// backrefEntries reads the dictionary with the keywords of a backref, and is what it says of uselist.
func (b *builder) backrefEntries(other *Relationship, e entries, at place) pysyntax.Node {
	if e.m == at.m {
		other.Says = b.texts(at, e.values)
	}
	lazy, explicit := e.values["lazy"]
	switch {
	case !e.whole && !explicit:
		other.Locked = "the keywords of the backref may hold lazy"
	case !e.inline:
		other.Locked = "the keywords of the backref are a dictionary that others may share"
	}
	if explicit {
		other.Lazy, other.LazyNode = b.strategy(at, lazy), lazy
	}
	if uselist, ok := e.values["uselist"]; ok {
		return uselist
	}
	return pysyntax.Nil
}

// manyBack reports whether the other side of a relationship holds several: as uselist= says, else by the direction.
func (b *builder) manyBack(r *Relationship, c call, uselist pysyntax.Node) bool {
	switch c.at.m.Tree.Kind(uselist) {
	case pysyntax.True:
		return true
	case pysyntax.False:
		return false
	}
	way := b.direction(r, c)
	return way == manyToMany || way == manyToOne
}

// addBackByUser adds the other side for each class that uses the mixin of a relationship, where each gives it a name of its own.
func (b *builder) addBackByUser(r, other *Relationship, at place, name pysyntax.Node) {
	for _, user := range b.users[r.Owner] {
		if of := *other; r.Owner != user {
			of.Target, of.Back, of.Locked = user, pysyntax.Nil, "each class that uses the mixin gives the backref its name"
			if of.Name = namedByUser(b, at, name, user); of.Name != "" {
				b.addBack(&of)
			}
		}
	}
}

func (b *builder) addBack(other *Relationship) {
	b.ix.Relationships = append(b.ix.Relationships, other)
	if b.backs[other.Owner] == nil {
		b.backs[other.Owner] = map[string]*Relationship{}
	}
	b.learn(other.Owner)
	b.backs[other.Owner][other.Name] = other
}

// namedByUser is what an f-string in a @declared_attr method says for one class that uses the mixin: f"{cls.__tablename__}_owned",
// of cls.__name__ too. "" for any other.
func namedByUser(b *builder, at place, n pysyntax.Node, user *pymodule.Class) string {
	t, out := at.m.Tree, ""
	if t.Kind(n) != pysyntax.String {
		return ""
	}
	for c := range t.Children(n) {
		switch t.Kind(c) {
		case pysyntax.StringContent:
			out += t.Text(c)
		case pysyntax.Interpolation:
			asked := strings.Trim(t.Text(c), "{} ")
			asked, lower := strings.CutSuffix(asked, ".lower()")
			said := ""
			switch asked {
			case "cls.__name__", "self.__name__":
				said = user.Name
			case "cls.__tablename__", "self.__tablename__":
				for base := range b.g.Lineage(user) {
					if v := base.Field("__tablename__"); v != nil && said == "" {
						said, _ = b.constant(classPlace(base), v.Value)
					}
				}
			}
			if said == "" {
				return ""
			}
			if lower {
				said = strings.ToLower(said)
			}
			out += said
		}
	}
	return out
}

func (r *Relationship) backrefLock() string {
	if r.Form == FormSQLModel {
		return "the backref stands in sa_relationship_kwargs="
	}
	return ""
}

// onlyUser is c when it is mapped, and the one mapped class below it when there is just one: the class whose objects the
// other side of a mixin's relationship holds.
func (b *builder) onlyUser(c *pymodule.Class) *pymodule.Class {
	if b.mapped(c) {
		return c
	}
	if users := b.users[c]; len(users) == 1 {
		return users[0]
	}
	return nil
}
