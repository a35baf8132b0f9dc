package mapper

import (
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
		uselist := pysyntax.Nil
		t := c.at.m.Tree
		switch n = b.unwrap(c.at, n); t.Kind(n) {
		case pysyntax.Call:
			if !fromSQLAlchemy(b.external(c.at, t.Child(n, pysyntax.FieldFunction)), "backref") {
				continue
			}
			back := readCall(c.at, n)
			other.Name, _ = b.constant(c.at, back.arg(0, "name"))
			b.readLazy(other, back)
			other.Says = b.texts(c.at, back.keywords)
			uselist = back.keyword("uselist")
		case pysyntax.Tuple:
			other.Name, _ = b.constant(c.at, t.First(n))
			e := b.entries(c.at, t.Nth(n, 1))
			if e.m == c.at.m {
				other.Says = b.texts(c.at, e.values)
			}
			switch _, explicit := e.values["lazy"]; {
			case !e.whole && !explicit:
				other.Locked = "the keywords of the backref may hold lazy"
			case !e.inline:
				other.Locked = "the keywords of the backref are a dictionary that others may share"
			}
			if v, ok := e.values["lazy"]; ok {
				other.Lazy, other.LazyNode = b.strategy(c.at, v), v
			}
			if v, ok := e.values["uselist"]; ok {
				uselist = v
			}
		default:
			other.Name, _ = b.constant(c.at, n)
		}
		other.Back = n
		if c.node != r.Call {
			other.Back, other.Locked = pysyntax.Nil, "the backref stands in the function that makes the relationship"
		}
		if other.Name == "" {
			continue
		}
		for _, both := range []string{"secondary", "foreign_keys", "primaryjoin"} { // said once, for the two of them
			if says := r.Says[both]; says != "" && other.Says[both] == "" {
				other.Says[both] = says
			}
		}
		switch t.Kind(uselist) {
		case pysyntax.True:
			other.Many = true
		case pysyntax.False:
		default:
			switch b.direction(r, c) {
			case manyToMany, manyToOne:
				other.Many = true
			default:
				other.Many = false
			}
		}
		b.ix.Relationships = append(b.ix.Relationships, other)
		if b.backs[r.Target] == nil {
			b.backs[r.Target] = map[string]*Relationship{}
		}
		b.learn(r.Target)
		b.backs[r.Target][other.Name] = other
	}
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
