package loadflow

import "github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"

// What the options of a query load that populates existing objects is loaded anew, too, with what these options load and nothing
// else, whatever it had (measured on 2.0 and 2.1; a plain refresh leaves it):
//
//	sub = await get_sub(session, 1)          # loads sub.plan
//	user = await lock_user(session, key)     # ...options(selectinload(User.subs)).with_for_update().execution_options(populate_existing=True)
//	return sub.plan.name                     # is not loaded, if it is one of the user's
//
// Whether it is one of the user's, nobody says: so that what is read of any that a name holds is loaded behind the options.

// repopulateAlong has the objects at hand be those as well that a query loads anew along with b: by an option that it has, or by one
// that it gets since others read a relationship of what it gives.
func (x *interp) repopulateAlong(call pysyntax.Node, b *atom) {
	seen := map[*path]bool{}
	along := func(p *path) {
		if whole, ok := x.a.t.extend(b.path, p); ok && !seen[whole] && whole.len() == b.path.len()+p.len() && p.rel.Target != nil {
			seen[whole] = true
			x.repopulateBehind(call, b, whole)
		}
	}
	for _, a := range b.origin.opts.atoms() {
		if a.kind == option && a.opt.path != nil {
			for _, s := range a.opt.path.steps() {
				along(s)
			}
		}
	}
	for _, r := range x.a.ix.All(b.class) {
		if p, ok := x.a.t.step(nil, b.class, r); ok && r.Lazy.Held() {
			along(p)
		}
	}
}

// repopulateBehind does so with those at the end of one path from the query.
func (x *interp) repopulateBehind(call pysyntax.Node, b *atom, whole *path) {
	for _, name := range sortedKeys(x.env) {
		for _, a := range x.env[name] {
			if a.kind != object || a.class != whole.rel.Target || !x.isPopulated(a, b) || a.origin.maybe() != nil || !x.inSession(call, name, a) {
				continue
			}
			if o := x.a.t.withGiven(b.origin, whole, given{name: alongside, mod: x.m, node: call}); o != nil {
				x.env[name] = join(x.env[name], one(x.a.t.object(a.class, o, nil)))
			}
		}
	}
}
