package rewrite

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
)

// A statement that a function gives to several callers takes its options at each call, as another caller may not need them:
//
//	class Orders:
//	    def base(self, customer):
//	        return select(Order).where(Order.customer_id == customer)
//
// What each of the callers needs goes to the function itself, once. Tests beside the program count for nothing: they ask for less.

// sharedPath is a loader path from an entity of a statement, by where a function that gives it makes it.
type sharedPath struct {
	in     *loadflow.Site
	entity int
	path   string
}

// atSharedStatements takes from the demands at calls what all callers of a function need of its statement, and puts it to where
// the statement is made, from function to function. The Flow stays as it is.
func (p *program) atSharedStatements(demands []*loadflow.Demand) []*loadflow.Demand {
	for moved := true; moved; {
		demands, moved = p.towardsStatements(demands)
	}
	return demands
}

// towardsStatements is atSharedStatements for one call on the way.
func (p *program) towardsStatements(demands []*loadflow.Demand) (out []*loadflow.Demand, moved bool) {
	wanted := map[sharedPath][]loadflow.Caller{}
	for _, d := range demands {
		for _, need := range d.Needs {
			if s, ok := p.sharedPath(d, need); ok {
				wanted[s] = append(wanted[s], loadflow.Caller{Module: d.Site.Module, Node: d.Site.Node})
			}
		}
	}
	for _, d := range demands {
		own, shared := *d, *d
		own.Needs, shared.Needs = nil, nil
		for _, need := range d.Needs {
			if s, ok := p.sharedPath(d, need); ok && p.allNeed(s.in, wanted[s]) {
				shared.Needs = append(shared.Needs, need)
			} else {
				own.Needs = append(own.Needs, need)
			}
		}
		if len(shared.Needs) == 0 {
			out = append(out, d)
			continue
		}
		if len(own.Needs) > 0 {
			out = append(out, &own)
		}
		shared.Site, shared.Joins, moved = d.Site.Given(), false, true
		out = append(out, &shared)
	}
	return out, moved
}

// sharedPath is what a need asks of the function whose statement its call gives; false where it must stay at the call: where a
// part of it is loaded, by an option of the call perhaps, or it is one of a subclass, or the function cannot be edited.
func (p *program) sharedPath(d *loadflow.Demand, need *loadflow.Need) (sharedPath, bool) {
	in := d.Site.Given()
	if in == nil || d.Site.Generic || in.Generic || in.ImportTime || d.Mixed || d.Own != nil || need.Loaded > 0 || need.More != nil ||
		need.Column() != nil || p.onSubclass(d, need) {
		return sharedPath{}, false
	}
	there := *d
	there.Site = in
	if _, why := p.targetOf(&there, need); why != "" {
		return sharedPath{}, false
	}
	return sharedPath{in, d.Entity, pathKey(d, need)}, true
}

// allNeed reports whether those that need something are all callers of the function that gives a statement, several that is.
func (p *program) allNeed(in *loadflow.Site, wanted []loadflow.Caller) bool {
	callers := slices.DeleteFunc(slices.Clone(p.flow.Callers(in)), func(c loadflow.Caller) bool {
		return c.Module.Test() && !in.Module.Test()
	})
	return len(callers) > 1 && !slices.ContainsFunc(callers, func(c loadflow.Caller) bool { return !slices.Contains(wanted, c) })
}
