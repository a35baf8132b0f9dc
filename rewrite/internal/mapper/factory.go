package mapper

import (
	"fmt"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// factories finds every call that makes async sessions. Names count by what they import, never as words: a project's own
// AsyncSession may be an HTTP client, and a parameter may be called async_sessionmaker.
func (b *builder) factories() {
	words := append([]string{"ession", "SQLAlchemyAsyncConfig"}, b.sessionNames()...)
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
	b.configured()
	b.sharedOptions()
}

// configured looks for factory.configure(expire_on_commit=...), which wins over what the factory says.
func (b *builder) configured() {
	byVariable := map[*pymodule.Module]map[pysyntax.Node]*Factory{}
	for _, f := range b.ix.Factories {
		if byVariable[f.Module] == nil {
			byVariable[f.Module] = map[pysyntax.Node]*Factory{}
		}
		byVariable[f.Module][f.Call] = f
	}
	for _, m := range b.g.Modules {
		if !mentions(m, ".configure(") || !mentions(m, "expire_on_commit") {
			continue
		}
		t := m.Tree
		for n := pysyntax.Node(0); int(n) < t.Len(); n++ {
			fn := t.Child(n, pysyntax.FieldFunction)
			if t.Kind(n) != pysyntax.Call || t.Kind(fn) != pysyntax.Attribute || t.Text(t.Child(fn, pysyntax.FieldAttribute)) != "configure" {
				continue
			}
			at := placeOf(m, n)
			v := b.node(at, t.Child(fn, pysyntax.FieldObject)).Variable
			if v == nil || readCall(at, n).keyword("expire_on_commit") == pysyntax.Nil {
				continue
			}
			if f := byVariable[v.Module][v.Value]; f != nil {
				f.Locked = fmt.Sprintf("configure() sets expire_on_commit in %s, line %d", m.Path, t.Line(n))
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
	c := readCall(at, n)
	f := &Factory{Module: m, Call: n, Expire: pysyntax.Nil, Options: pysyntax.Nil}
	var made sessionRef // what is constructed
	direct := true      // here, with the arguments of this call; sessionmaker() always hands expire_on_commit on
	switch kind := b.sessionClass(s); {
	case kind != "":
		f.Kind, made = kind, sessionRef{kind: kind, constructor: b.constructor(s.Class)}
		if class, ok := c.keywords["class_"]; ok && kind == "async_sessionmaker" && made.constructor == (constructor{}) {
			made, direct = b.sessionOf(at, class), false
		}
	case handsOnKeywords(s.External) && len(c.args) > 0:
		made = b.sessionOf(at, c.args[0])
		if made.kind == "" && fromSQLAlchemy(b.external(at, c.args[0]), "sessionmaker") {
			made, direct = b.asyncClass(c), false
		}
		f.Kind = pymodule.Last(s.External)
		if made.kind == "" {
			return
		}
	case fromSQLAlchemy(s.External, "sessionmaker"):
		made, direct = b.asyncClass(c), false
		if made.kind == "" {
			return
		}
		f.Kind = "sessionmaker"
	case advancedAlchemy(s.External, "AsyncSessionConfig"):
		f.Kind = "AsyncSessionConfig"
	case advancedAlchemy(s.External, "SQLAlchemyAsyncConfig"):
		if c.keyword("session_config") != pysyntax.Nil || c.keyword("session_maker") != pysyntax.Nil || len(c.splats) > 0 {
			return // the session is made elsewhere
		}
		f.Kind = "SQLAlchemyAsyncConfig"
	default:
		return
	}
	f.Locked = made.locked
	b.readExpire(f, c)
	if made.decides || direct && made.defaults && f.Expire == pysyntax.Nil && f.Locked == "" {
		return // its constructor says False
	}
	b.ix.Factories = append(b.ix.Factories, f)
}

// handsOnKeywords reports whether a library's name makes something that calls its first argument with the keywords that it got:
// functools.partial, and the providers of dependency-injector.
func handsOnKeywords(external string) bool {
	provider, _ := strings.CutPrefix(external, "dependency_injector.providers.")
	switch provider {
	case "Singleton", "ThreadSafeSingleton", "ThreadLocalSingleton", "ContextLocalSingleton", "Factory", "Callable", "Resource":
		return provider != external
	}
	return external == "functools.partial"
}

// advancedAlchemy reports whether a library's name is a configuration object of Advanced Alchemy, also as Litestar
// exports it. AsyncSessionConfig() leaves expire_on_commit at SQLAlchemy's default, True.
func advancedAlchemy(external, name string) bool {
	return pymodule.Last(external) == name && isAdvancedAlchemy(external)
}

// asyncClass is what class_= of a sync sessionmaker() names, by ** too; without an async class its sessions are no
// concern.
func (b *builder) asyncClass(c call) sessionRef {
	at, class := c.at, c.keyword("class_")
	for _, s := range c.splats {
		if e := b.entries(c.at, s); class == pysyntax.Nil && e.m != nil {
			if v, ok := e.values["class_"]; ok {
				at, class = place{m: e.m, c: c.at.c, f: c.at.f}, v
			}
		}
	}
	if made := b.sessionOf(at, class); made.kind == "AsyncSession" {
		return made
	}
	return sessionRef{}
}

type sessionRef struct {
	kind string
	constructor
}

// sessionOf is what an expression that is not called names: AsyncSession in class_=AsyncSession.
func (b *builder) sessionOf(at place, n pysyntax.Node) sessionRef {
	t := at.m.Tree
	if t.Kind(n) == pysyntax.Subscript {
		n = t.Child(n, pysyntax.FieldValue)
	}
	s := b.node(at, n)
	return sessionRef{kind: b.sessionClass(s), constructor: b.constructor(s.Class)}
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
		case !e.inline && e.m == c.at.m && t.Kind(s) == pysyntax.Identifier:
			f.Options = e.node // see sharedOptions
		}
	}
}

// sharedOptions leaves Factory.Options only where all that the module does with the dictionary is to hand it to
// factories, and no other module has its name: otherwise a sync session might get it too.
func (b *builder) sharedOptions() {
	users := map[*pymodule.Module]map[pysyntax.Node]int{}
	for _, f := range b.ix.Factories {
		if f.Options != pysyntax.Nil {
			if users[f.Module] == nil {
				users[f.Module] = map[pysyntax.Node]int{}
			}
			users[f.Module][f.Options]++
		}
	}
	for _, f := range b.ix.Factories {
		if f.Options == pysyntax.Nil {
			continue
		}
		t := f.Module.Tree
		left := t.Child(t.Parent(f.Options), pysyntax.FieldLeft)
		if t.Kind(left) != pysyntax.Identifier || b.mentionsOf(f.Module, t.Text(left)) != users[f.Module][f.Options]+1 {
			f.Options = pysyntax.Nil
		}
	}
}

// mentionsOf counts how often a module names something; 0 when another module has the word too.
func (b *builder) mentionsOf(m *pymodule.Module, name string) int {
	for _, other := range b.g.Modules {
		if other != m && mentions(other, name) && b.g.Imports(other, m) {
			return 0
		}
	}
	count := 0
	for n := pysyntax.Node(0); int(n) < m.Tree.Len(); n++ {
		if m.Tree.Kind(n) == pysyntax.Identifier && m.Tree.Text(n) == name {
			count++
		}
	}
	return count
}
