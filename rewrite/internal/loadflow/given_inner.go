package loadflow

import "github.com/lazyfix/lazyfix/rewrite/internal/pymodule"

// A function may give one that stands in it, whose query takes the options that the outer one was given:
//
//	def by_id(model, options=()):
//	    async def load(id: int, session: Session):
//	        return await session.get(model, id, options=options)
//	    return load
//
// Who calls load() passes no options, so they are a part of the context in which it is understood.

// tellsInner reports whether an argument brings loader options, all of them known, to what stands in a function.
func (a *analysis) tellsInner(v *atom, f *pymodule.Function, param int) bool {
	if len(f.Defs) == 0 && !f.Lambdas || !takesOptions(f.Module.Tree, f.Params[param]) {
		return false
	}
	switch v.kind {
	case collection, tuple, option:
		options, closed := onlyOptions(one(v))
		return closed && len(options) > 0
	}
	return false
}
