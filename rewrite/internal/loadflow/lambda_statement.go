package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A statement may be made by lambdas, for SQLAlchemy to keep its SQL by their code:
//
//	stmt = lambda_stmt(lambda: select(Order))
//	stmt += lambda s: s.where(Order.id == number)
//
// It is what they give, one after the other; options are written into the select() of the first, also where a helper gives the
// whole: stmt.options(...) would be a plain select(), to which no lambda can be added. Measured on 2.1: options in a lambda load
// as any others do, and a lambda runs once for its place, so that only those that are the same each time may stand there, as
// those that lazyfix writes are.

// lambdaStatement is lambda_stmt(lambda: select(Order)).
func (x *interp) lambdaStatement(args *arguments, n pysyntax.Node) value {
	var out value
	for _, a := range statementsIn(x.apply(args.node(0, "lmb"), nil)) {
		s := *a.stmt
		if s.site != nil {
			site := *s.site
			site.Lambda, site.ImportTime = true, site.ImportTime || x.atImport(n)
			site.Mixed = site.Mixed || site.Generic // a parameter for options would be one of the lambda's keys
			s.site = x.a.t.site(&site)
		}
		out = join(out, x.a.t.statement(&s))
	}
	return out
}

// lambdaStep is a statement after `+ (lambda s: s.where(...))`, nothing where that is none.
func (x *interp) lambdaStep(v value, step pysyntax.Node, r value) value {
	of := statementsIn(v)
	if len(of) == 0 || !slices.ContainsFunc(r, func(a *atom) bool { return a.kind == funcRef }) {
		return nil
	}
	if made := statementsIn(x.apply(step, []value{of})); len(made) > 0 {
		return made
	}
	return of
}

// criteria is stmt.add_criteria(lambda s: s.where(...)), or the statement itself.
func (x *interp) criteria(a *atom, args *arguments) value {
	if v := x.lambdaStep(one(a), args.node(0, "other"), args.get(0, "other")); len(v) > 0 {
		return v
	}
	return one(a)
}

func statementsIn(v value) value {
	return slices.DeleteFunc(slices.Clone(v), func(a *atom) bool { return a.kind != statement })
}
