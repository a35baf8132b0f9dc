package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// Who must run again when something changes: for each thing that a unit looks at, the units that did so at some time. A
// unit may stand there twice, or for what it no longer looks at: it runs once more than it must, and that is all.

// lookup is the attribute of a class's instances that a unit looked at: what any of the class's bases hold in it, for
// whatever template. There is one a look-up, not one a base: most hierarchies are deeper than their fields are many.
type lookup struct {
	class *pymodule.Class
	name  string
}

type users struct {
	units  map[string][]*unit // by the unit whose result they take
	vars   map[string][]*unit // by the unit whose names they read
	fields map[lookup][]*unit
}

func newUsers() users {
	return users{map[string][]*unit{}, map[string][]*unit{}, map[lookup][]*unit{}}
}

// register notes what a unit's interpretation looked at and the one before did not.
func (a *analysis) register(u *unit, out *outcome) {
	var added []string
	for k := range out.usedUnits {
		if _, old := u.out.usedUnits[k]; !old {
			added = append(added, k)
			a.users.units[k] = append(a.users.units[k], u)
		}
	}
	slices.Sort(added) // a function has a bound of units: which ones are left out must not be chance
	for _, k := range added {
		if !a.add(out.usedUnits[k]) && a.units[a.plainKey(out.usedUnits[k].fn, out.usedUnits[k].fn.Class).id] != nil {
			a.mark(u)
		}
	}
	for k := range out.usedFields {
		if !u.out.usedFields[k] {
			a.users.fields[k] = append(a.users.fields[k], u)
		}
	}
	for k := range out.usedVars {
		if _, old := u.out.usedVars[k]; !old {
			a.users.vars[k] = append(a.users.vars[k], u)
		}
	}
}

// touch has all users of something run again.
func (a *analysis) touch(users []*unit) {
	for _, u := range users {
		a.mark(u)
	}
}

// joinFields renews what the fields that changed in this level hold, and has those run again that look at them.
func (a *analysis) joinFields() {
	for k := range a.changed {
		var out value
		stored := a.fields[k]
		for _, id := range sortedKeys(stored) {
			out = join(out, stored[id])
		}
		if isBag(out) {
			out = nil
		}
		a.held[k] = out
		if a.holders[k.name] == nil {
			a.holders[k.name] = map[*pymodule.Class]bool{}
		}
		a.holders[k.name][k.class] = true
		a.touch(a.users.fields[lookup{k.class, k.name}])
		for _, c := range a.g.Subclasses(k.class) {
			a.touch(a.users.fields[lookup{c, k.name}])
		}
	}
	clear(a.changed)
}
