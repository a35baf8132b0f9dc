package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// vars(line) and line.__dict__ of an instance of a class that is not mapped have what its attributes hold: vars(line)["order"],
// show(**vars(line)).
//
// Limits: what the class itself has, and properties, are not in it; attributes that only other code sets are not seen there.

// instanceDicts are the dictionaries of the instances in v.
func (x *interp) instanceDicts(v value) value {
	var out value
	for _, a := range v {
		if a.kind != instance {
			continue
		}
		fields := x.a.dataFields(a.class)
		var entries []entry
		for _, name := range append(slices.Clone(fields), x.a.selfAttributes(a.class)...) {
			if strings.HasPrefix(name, "__") || !slices.Contains(fields, name) && x.a.classMember(a.class, name).Kind != pymodule.Unknown {
				continue
			}
			if held := x.instanceMember(a, name, pysyntax.Nil); len(held) > 0 {
				entries = append(entries, entry{name, held})
			}
		}
		if rest := x.field(a.class, anyKey); len(entries)+len(rest) > 0 {
			out = join(out, x.a.t.record(entries, nil, rest))
		}
	}
	return out
}
