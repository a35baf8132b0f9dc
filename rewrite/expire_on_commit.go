package rewrite

import (
	"cmp"
	"maps"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

var expireOnCommit = rule{
	Rule: Rule{
		Name:    "expire-on-commit",
		Summary: "async session factories keep their objects usable after commit",
		Doc: `Gives every factory of async sessions expire_on_commit=False: async_sessionmaker(...), sessionmaker(..., class_=AsyncSession),
AsyncSession(...), functools.partial of these, the providers of dependency-injector, and the configuration objects of
Advanced Alchemy. Where the keyword arguments come from a dictionary that only async factories get, it goes there. A
subclass of AsyncSession whose constructor says False needs none.

By default a commit expires all attributes of all objects of the session, columns too. The next read loads them again,
which under asyncio fails with MissingGreenlet.

Safe. What changes: an object that was loaded before a commit keeps the values that it had, also when a query gives it again
in the same session. Where the database changed them meanwhile, refresh it or select with populate_existing;
undecided-read reports relationships that changed so. An explicit expire_on_commit=True is reported and left.
Factories of synchronous sessions are not touched. rollback() expires in any case.

SQLAlchemy 2.0 and 2.1.`,
		Before: "SessionLocal = async_sessionmaker(engine)\n",
		After:  "SessionLocal = async_sessionmaker(engine, expire_on_commit=False)\n",
		Safety: "safe",
	},
	check: checkExpireOnCommit,
}

func checkExpireOnCommit(p *program) []*action {
	var out []*action
	shared := map[optionsKey]*action{} // what several factories get from one dictionary
	for _, f := range p.index.Factories {
		t := f.Module.Tree
		if f.Expire != pysyntax.Nil && t.Kind(f.Expire) == pysyntax.False {
			continue
		}
		finding := Finding{Rule: "expire-on-commit", Place: p.place(f.Module, f.Call)}
		key := optionsKey{f.Module, f.Options}
		if a := shared[key]; a != nil {
			finding.Message, finding.Fixable, finding.Advice = f.Kind+"(...) gets expire_on_commit=False", a.findings[0].Fixable, a.findings[0].Advice
			a.findings = append(a.findings, finding)
			continue
		}
		a := &action{module: f.Module}
		why := f.Locked
		if why == "" {
			why = p.editable(f.Module, f.Call)
		}
		switch {
		case f.Expire != pysyntax.Nil:
			if t.Kind(f.Expire) == pysyntax.True {
				finding.Message = f.Kind + "(...) says expire_on_commit=True: every attribute read after a commit fails under asyncio"
			} else {
				finding.Message = f.Kind + "(...) takes expire_on_commit from a value that lazyfix cannot see: " + t.Text(f.Expire)
			}
			finding.Advice = "set it to False, unless something relies on objects being loaded again after a commit"
		case why != "":
			finding.Message = f.Kind + "(...) has no expire_on_commit=False: every attribute read after a commit fails under asyncio"
			finding.Advice = "not edited: " + why
		default:
			finding.Message = f.Kind + "(...) gets expire_on_commit=False"
			if err := p.keepAfterCommit(a, f); err != nil {
				finding.Advice = "not edited: " + err.Error()
				break
			}
			finding.Fixable = true
		}
		a.findings = []Finding{finding}
		out = append(out, a)
		if f.Options != pysyntax.Nil {
			shared[key] = a
		}
	}
	return out
}

type optionsKey struct {
	module  *pymodule.Module
	options pysyntax.Node
}

// keepAfterCommit gives a factory the keyword: in the dictionary that its options come from, in the session's own
// configuration, or in its call.
func (p *program) keepAfterCommit(a *action, f *mapper.Factory) (err error) {
	t, style := f.Module.Tree, p.styles.of(f.Module)
	switch {
	case t.Kind(f.Options) == pysyntax.Dictionary:
		a.edits, err = pyedit.AddToDict(t, f.Options, style.String("expire_on_commit")+": False", style)
	case f.Options != pysyntax.Nil:
		a.edits, err = pyedit.SetKeyword(t, f.Options, "expire_on_commit", "False", style)
	case f.Kind == "SQLAlchemyAsyncConfig":
		name, imports := p.sessionConfig(f.Module)
		a.top = imports
		a.edits, err = pyedit.SetKeyword(t, f.Call, "session_config", name+"(expire_on_commit=False)", style)
	default:
		a.edits, err = pyedit.SetKeyword(t, f.Call, "expire_on_commit", "False", style)
	}
	return err
}

// sessionConfig says how a file speaks of Advanced Alchemy's AsyncSessionConfig. Of the modules that export it,
// advanced_alchemy.config is there in every release and beside every framework.
func (p *program) sessionConfig(m *pymodule.Module) (string, []pyedit.Import) {
	const class = "AsyncSessionConfig"
	names := p.graph.ExternalNames(m)
	for _, external := range slices.Sorted(maps.Keys(names)) {
		if pymodule.Last(external) == class {
			return names[external], nil
		}
	}
	alias := ""
	if p.graph.Resolve(m, class).Kind != pymodule.Unknown {
		alias = "AlchemySessionConfig"
	}
	return cmp.Or(alias, class), []pyedit.Import{{Module: "advanced_alchemy.config", Name: class, Alias: alias}}
}
