package rewrite

import (
	"fmt"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

var implicitLazy = rule{
	Rule: Rule{
		Name:    "implicit-lazy",
		Summary: "relationships say what happens when nobody loaded them",
		Doc: `A relationship() without lazy=, or with lazy="select" or True, loads itself when it is first read. Under asyncio that
read fails with MissingGreenlet, and with changes pending it takes the session and the data with it. This rule writes
lazy="raise_on_sql" (or what --lazy says), so that the read fails early, by name, and leaves the session usable.

raise_on_sql differs from the default only where SQL would be emitted, which is where async code fails already: objects
that the session holds, foreign keys that are NULL, flush, cascades and merge work as before. raise also forbids those
reads; noload answers None or an empty list, loses writes, and is deprecated since 2.1.

Eager, dynamic, write_only and raising strategies stay as they are. What is loaded by awaitable_attrs, inside run_sync or
in a synchronous session works today and will raise: the reads that lazyfix finds get a loader option.

SQLAlchemy 2.0 and 2.1.

` + lazyValues,
		Before: "items: Mapped[list[\"Item\"]] = relationship(back_populates=\"order\")\n",
		After:  "items: Mapped[list[\"Item\"]] = relationship(back_populates=\"order\", lazy=\"raise_on_sql\")\n",
		Safety: "safe",
	},
	check: checkImplicitLazy,
}

func checkImplicitLazy(p *program) []*action {
	lazy, _ := p.options.lazy()
	var out []*action
	for _, r := range p.index.Relationships {
		if r.Lazy != mapper.Select && r.Lazy != mapper.Unknown {
			continue
		}
		a := &action{module: r.Module}
		name := r.Name
		if r.Owner != nil {
			name = r.Owner.Name + "." + r.Name
		}
		finding := Finding{Rule: "implicit-lazy", Place: p.place(r.Module, r.Call)}
		why := r.Locked
		if why == "" {
			why = p.editable(r.Module, r.Call)
		}
		if why == "" && r.Lazy == mapper.Unknown {
			why = "its lazy= is a value that cannot be seen from here"
		}
		var change []edits.Edit
		if why == "" {
			var err error
			if change, err = setLazy(p, r, lazy); err != nil {
				why = err.Error()
			}
		}
		if why != "" {
			finding.Message = name + " loads itself when it is read, which fails under asyncio"
			finding.Advice = "not edited: " + why
		} else {
			finding.Message = fmt.Sprintf("%s gets lazy=%q", name, lazy)
			finding.Fixable = true
			a.edits = change
		}
		a.findings = []Finding{finding}
		out = append(out, a)
	}
	return out
}

// setLazy writes the strategy where the relationship's form takes it.
func setLazy(p *program, r *mapper.Relationship, lazy string) ([]edits.Edit, error) {
	t := r.Module.Tree
	style := p.styles.of(r.Module)
	value := style.String(lazy)
	if r.LazyNode != pysyntax.Nil {
		return []edits.Edit{{Start: t.Start(r.LazyNode), End: t.End(r.LazyNode), New: value}}, nil
	}
	switch r.Form {
	case mapper.FormCall:
		return pyedit.SetKeywordWithin(t, r.Call, "lazy", value, style)
	case mapper.FormSQLModel:
		return setSQLModelLazy(t, r.Call, value, style)
	default:
		return nil, fmt.Errorf("it is made by a backref: write backref=backref(%q, lazy=%s) or spell both sides", r.Name, value)
	}
}

// setSQLModelLazy adds the key to sa_relationship_kwargs, which SQLModel hands to relationship().
func setSQLModelLazy(t *pysyntax.Tree, call pysyntax.Node, value string, style pyedit.Style) ([]edits.Edit, error) {
	entry := style.String("lazy") + ": " + value
	kwargs := pyedit.Keyword(t, call, "sa_relationship_kwargs")
	if kwargs == pysyntax.Nil {
		return pyedit.SetKeywordWithin(t, call, "sa_relationship_kwargs", "{"+entry+"}", style)
	}
	return pyedit.AddToDict(t, kwargs, entry, style)
}
