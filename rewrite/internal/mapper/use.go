package mapper

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// use looks for names that make or name sessions and engines. Imports alone count too: who imports AsyncSession for an
// annotation works with one.
func (b *builder) use() {
	for _, m := range b.g.Modules {
		if !mentions(m, "ession", "create_engine", "create_async_engine", "sqlalchemy.ext.asyncio", "SQLAlchemy") {
			continue
		}
		t := m.Tree
		for n := pysyntax.Node(0); int(n) < t.Len(); n++ {
			switch t.Kind(n) {
			case pysyntax.ImportStatement:
				if strings.Contains(t.Text(n), "sqlalchemy.ext.asyncio") {
					b.ix.Use.Async = true
				}
			case pysyntax.ImportFromStatement:
				for _, s := range b.g.ImportsOf(m, n) {
					b.useOf(s.External)
				}
			case pysyntax.Attribute:
				if last := t.Text(t.Child(n, pysyntax.FieldAttribute)); strings.Contains(last, "ession") || strings.Contains(last, "engine") {
					if t.Kind(t.Parent(n)) != pysyntax.Attribute {
						b.useOf(b.external(placeOf(m, n), n))
					}
				}
			}
		}
		if b.ix.Use.Sync && b.ix.Use.Async {
			return
		}
	}
}

// useOf counts one name of a library. What Alembic's env.py needs (engine_from_config) says nothing of the program.
func (b *builder) useOf(external string) {
	last := pymodule.Last(external)
	switch {
	case strings.HasPrefix(external, "sqlalchemy.ext.asyncio"), strings.HasPrefix(external, "sqlmodel.ext.asyncio"),
		isAdvancedAlchemy(external) && strings.Contains(last, "Async"):
		b.ix.Use.Async = true
	case strings.HasPrefix(external, "flask_sqlalchemy."), isAdvancedAlchemy(external) && strings.Contains(last, "Sync"):
		b.ix.Use.Sync = true
	case strings.HasPrefix(external, "sqlalchemy."), strings.HasPrefix(external, "sqlmodel."):
		switch last {
		case "Session", "sessionmaker", "scoped_session", "create_engine":
			b.ix.Use.Sync = true
		}
	}
}

// isAdvancedAlchemy reports whether a library's name is of Advanced Alchemy, also as Litestar exports it.
func isAdvancedAlchemy(external string) bool {
	return strings.HasPrefix(external, "advanced_alchemy.") || strings.HasPrefix(external, "litestar.contrib.sqlalchemy.") ||
		strings.HasPrefix(external, "litestar.plugins.sqlalchemy.")
}
