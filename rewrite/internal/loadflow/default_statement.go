package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A statement may be what a parameter is by default:
//
//	ACTIVE = select(Order).where(Order.active)
//	async def run(session, stmt=ACTIVE): ...
//
// A call that gives none runs it, and so does whoever calls the function that is not in the tree. It is made when its module is
// imported. In the function it is one of all statements that callers may bring, so no option for it can stand where it is run.

func defaultStatement(f *pymodule.Function, param int) fieldKey {
	return kept("default", defaultName(f, param))
}

// keepStatement notes the statement that a parameter is by default, and gives it to the function.
func (x *interp) keepStatement(f *pymodule.Function, param int, v value) {
	own := slices.DeleteFunc(slices.Clone(v), func(a *atom) bool { return a.kind != statement })
	if len(own) == 0 {
		return
	}
	x.put(defaultStatement(f, param), own)
	args := make([]value, len(f.Params))
	args[param] = own
	key := x.a.plainKey(f, f.Class)
	x.out.edges = append(x.out.edges, &edge{callee: key, args: args, node: f.Params[param].Default, mod: x.m, text: f.Qual})
	x.out.usedUnits[key.id] = key
}

// bindStatements gives to parameters without an argument the statement that they are by default.
func (x *interp) bindStatements(f *pymodule.Function, bound []value, args *arguments) {
	for i, p := range f.Params {
		if p.Default == pysyntax.Nil || len(bound[i]) > 0 || !f.Module.Tree.Is(p.Default, pysyntax.Identifier, pysyntax.Attribute, pysyntax.Call) ||
			!x.a.mayBeStatement(f, i) {
			continue
		}
		place := i
		if isMethod(f) {
			place--
		}
		if _, named := args.kw[p.Name]; !named && (p.Kind != pymodule.Plain || place >= len(args.pos)) {
			bound[i] = x.keptAt(defaultStatement(f, i))
		}
	}
}

// mayBeStatement reports whether any module was seen to keep one for a parameter, as far as its source says: most defaults are
// none, and need not be asked for in each call.
func (a *analysis) mayBeStatement(f *pymodule.Function, param int) bool {
	return (*a.statementDefaults.get(f, func() *[]bool {
		out := make([]bool, len(f.Params))
		for i, p := range f.Params {
			if p.Default != pysyntax.Nil {
				out[i] = a.spellsQuery(f.Module, f.Class, f.Outer, p.Default)
			}
		}
		return &out
	}))[param]
}

// spellsQuery reports whether an expression calls select() or query(), or starts at a name that is bound to what does.
func (a *analysis) spellsQuery(m *pymodule.Module, c *pymodule.Class, f *pymodule.Function, n pysyntax.Node) bool {
	for range maxType {
		for call := range m.Tree.Within(n) {
			if m.Tree.Kind(call) == pysyntax.Call {
				switch pymodule.Last(m.Tree.Text(m.Tree.Child(call, pysyntax.FieldFunction))) {
				case "select", "Select", "query", "Query":
					return true
				}
			}
		}
		name, ok := pymodule.DottedName(m.Tree, chainStart(m.Tree, n))
		if !ok {
			return false
		}
		s := a.g.ResolveIn(m, c, f, name)
		if s.Kind != pymodule.VariableSymbol || s.Variable.Value == pysyntax.Nil {
			return false
		}
		m, c, f, n = s.Variable.Module, s.Variable.Class, nil, s.Variable.Value
	}
	return false
}
