package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// contextVar is current_user.set(v) and current_user.get() of a ContextVar of a module or class: what is set anywhere is
// what is got. False where nothing was set that is known: its annotation may say what it gives.
func (x *interp) contextVar(owner pysyntax.Node, method string, args *arguments) (value, bool) {
	if method != "get" && method != "set" {
		return nil, false
	}
	name, dotted := pymodule.DottedName(x.t, owner)
	if !dotted {
		return nil, false
	}
	s := x.a.g.ResolveIn(x.m, x.class, x.u.key.fn, name)
	if s.Kind != pymodule.VariableSymbol || s.Variable.Value == pysyntax.Nil {
		return nil, false
	}
	t, made := s.Variable.Module.Tree, s.Variable.Value
	fn := t.Child(made, pysyntax.FieldFunction)
	if t.Kind(fn) == pysyntax.Subscript { // ContextVar[User]("user")
		fn = t.Child(fn, pysyntax.FieldValue)
	}
	if t.Kind(made) != pysyntax.Call || pymodule.Last(t.Text(fn)) != "ContextVar" {
		return nil, false
	}
	k := kept("ContextVar", placeID(s.Variable.Module, made))
	if method == "set" {
		x.put(k, args.get(0, "value"))
		return nil, true
	}
	v := x.keptAt(k)
	return join(v, args.get(0, "default")), len(v) > 0
}
