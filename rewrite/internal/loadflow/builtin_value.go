package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// A function of Python's own may be a value, which is called elsewhere:
//
//	@dataclass
//	class Column:
//	    get: Callable[[Any], Any]
//	    format: Callable[[Any], str] = str
//
//	column.format(order)   # Order.__str__
//
// Only those are values here that call a method of what they are given, or iterate it. The others say what a name of a type means
// (int, dict), or are given names of attributes (getattr), and mean nothing where that is not seen beside them.

// ofPython stands before the name of such a function: no module is called so.
const ofPython = "<python>."

// valuedBuiltins are the functions that are values.
var valuedBuiltins = map[string]bool{
	"str": true, "repr": true, "format": true, "print": true, "len": true, "bool": true, "any": true, "all": true,
	"list": true, "tuple": true, "set": true, "frozenset": true, "sorted": true,
}

// builtinNamed is the function of Python's own that a name means which the program does not define.
func (x *interp) builtinNamed(m *pymodule.Module, name string) value {
	if !valuedBuiltins[name] || x.a.g.Resolve(m, name).Kind != pymodule.Unknown {
		return nil
	}
	return one(x.a.t.external(ofPython + name))
}

// isBuiltin reports whether an atom is such a function.
func isBuiltin(a *atom) bool { return a.kind == external && strings.HasPrefix(a.name, ofPython) }
