package rewrite

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

var expireOnCommit = rule{
	Rule: Rule{
		Name:    "expire-on-commit",
		Summary: "async session factories keep their objects usable after commit",
		Doc: `Gives every factory of async sessions expire_on_commit=False: async_sessionmaker(...), sessionmaker(..., class_=AsyncSession),
AsyncSession(...), and functools.partial of these.

By default a commit expires all attributes of all objects of the session, columns too. The next read loads them again,
which under asyncio fails with MissingGreenlet.

Safe. What changes: an object that was loaded before a commit keeps the values that it had; where the database changed
them meanwhile, refresh it or select with populate_existing. An explicit expire_on_commit=True is reported and left.
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
	for _, f := range p.index.Factories {
		t := f.Module.Tree
		if f.Expire != pysyntax.Nil && t.Kind(f.Expire) == pysyntax.False {
			continue
		}
		a := &action{module: f.Module}
		finding := Finding{Rule: "expire-on-commit", Place: p.place(f.Module, f.Call)}
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
			e, err := pyedit.SetKeywordWithin(t, f.Call, "expire_on_commit", "False", p.styles.of(f.Module))
			finding.Message = f.Kind + "(...) gets expire_on_commit=False"
			if err != nil {
				finding.Advice = "not edited: " + err.Error()
				break
			}
			a.edits = e
			finding.Fixable = true
		}
		a.findings = []Finding{finding}
		out = append(out, a)
	}
	return out
}
