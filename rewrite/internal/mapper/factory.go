package mapper

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// factories finds every call that makes async sessions. Names count by what they import, never as words: a project's own
// AsyncSession may be an HTTP client, and a parameter may be called async_sessionmaker.
func (b *builder) factories() {
	words := append([]string{"ession"}, b.sessionNames()...)
	for _, m := range b.g.Modules {
		if !mentions(m, words...) {
			continue
		}
		t := m.Tree
		for n := pysyntax.Node(0); int(n) < t.Len(); n++ {
			if t.Kind(n) == pysyntax.Call {
				b.factory(m, n)
			}
		}
	}
}

// sessionNames are the classes of the tree that extend AsyncSession or async_sessionmaker.
func (b *builder) sessionNames() []string {
	var out []string
	for _, m := range b.g.Modules {
		for _, c := range m.Classes {
			if len(c.Bases) > 0 && b.sessionClass(pymodule.Symbol{Kind: pymodule.ClassSymbol, Class: c}) != "" {
				out = append(out, c.Name)
			}
		}
	}
	return out
}

// sessionClass names what a symbol is: "AsyncSession", "async_sessionmaker", "" for anything else.
func (b *builder) sessionClass(s pymodule.Symbol) string {
	switch s.Kind {
	case pymodule.ExternalSymbol:
		return sessionExternal(s.External)
	case pymodule.ClassSymbol:
		for _, base := range b.g.MRO(s.Class) {
			if kind := sessionExternal(base.External); kind != "" {
				return kind
			}
		}
	}
	return ""
}

func sessionExternal(external string) string {
	if !strings.HasPrefix(external, "sqlalchemy.") && !strings.HasPrefix(external, "sqlmodel.") {
		return ""
	}
	switch last := pymodule.Last(external); last {
	case "AsyncSession", "async_sessionmaker":
		return last
	}
	return ""
}

func (b *builder) factory(m *pymodule.Module, n pysyntax.Node) {
	t := m.Tree
	fn := t.Child(n, pysyntax.FieldFunction)
	if t.Kind(fn) == pysyntax.Subscript { // async_sessionmaker[AsyncSession](...)
		fn = t.Child(fn, pysyntax.FieldValue)
	}
	if !t.Is(fn, pysyntax.Identifier, pysyntax.Attribute) {
		return
	}
	at := placeOf(m, n)
	s := b.node(at, fn)
	if s.Kind != pymodule.ExternalSymbol && s.Kind != pymodule.ClassSymbol {
		return
	}
	f := &Factory{Module: m, Call: n, Expire: pysyntax.Nil}
	switch kind := b.sessionClass(s); {
	case kind != "":
		f.Kind = kind
		f.Locked = b.ownInit(s.Class)
	case s.External == "functools.partial":
		c := readCall(at, n)
		if len(c.args) == 0 {
			return
		}
		made := b.sessionOf(at, c.args[0])
		if made.kind == "" {
			return
		}
		f.Kind, f.Locked = "partial", made.locked
	case fromSQLAlchemy(s.External, "sessionmaker"):
		c := readCall(at, n)
		class, ok := c.keywords["class_"]
		if !ok {
			return
		}
		made := b.sessionOf(at, class)
		if made.kind != "AsyncSession" {
			return
		}
		f.Kind, f.Locked = "sessionmaker", made.locked
	default:
		return
	}
	b.readExpire(f, readCall(at, n))
	b.ix.Factories = append(b.ix.Factories, f)
}

type sessionRef struct{ kind, locked string }

// sessionOf is what an expression that is not called names: AsyncSession in class_=AsyncSession.
func (b *builder) sessionOf(at place, n pysyntax.Node) sessionRef {
	t := at.m.Tree
	if t.Kind(n) == pysyntax.Subscript {
		n = t.Child(n, pysyntax.FieldValue)
	}
	s := b.node(at, n)
	return sessionRef{kind: b.sessionClass(s), locked: b.ownInit(s.Class)}
}

// ownInit says why the calls of a subclass of AsyncSession are left alone: its constructor decides on expire_on_commit.
func (b *builder) ownInit(c *pymodule.Class) string {
	if c == nil {
		return ""
	}
	for _, base := range b.g.MRO(c) {
		if base.Class == nil {
			continue
		}
		f := base.Class.Methods["__init__"]
		if f == nil {
			continue
		}
		t := f.Module.Tree
		if strings.Contains(t.Text(f.Node), "expire_on_commit") {
			return base.Class.Name + ".__init__ handles expire_on_commit itself"
		}
		for _, p := range f.Params {
			if p.Kind == pymodule.StarStar {
				return ""
			}
		}
		return base.Class.Name + ".__init__ takes no expire_on_commit"
	}
	return ""
}

func (b *builder) readExpire(f *Factory, c call) {
	t := c.at.m.Tree
	if v, ok := c.keywords["expire_on_commit"]; ok {
		f.Expire = v
		return
	}
	for _, s := range c.splats {
		e := b.entries(c.at, s)
		v, explicit := e.values["expire_on_commit"]
		switch {
		case explicit && e.m == c.at.m:
			f.Expire = v
			if !e.inline {
				f.Locked = "expire_on_commit comes from **" + t.Text(s)
			}
		case explicit:
			f.Locked = "expire_on_commit comes from **" + t.Text(s)
		case !e.whole:
			f.Locked = "**" + t.Text(s) + " may hold expire_on_commit"
		}
	}
}
