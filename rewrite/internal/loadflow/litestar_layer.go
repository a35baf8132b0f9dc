package loadflow

import (
	"bytes"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What goes out of a Litestar handler goes through the return_dto of the innermost layer that has one: the handler, its controller, a
// router, the application. Where none has, it is the one that the plugin makes, with the defaults; where there is no plugin for it, the
// dto of the innermost layer, which is for what comes in (measured with Litestar 2.25: a router's return_dto goes before a handler's dto).

// transferConfig is the configuration of the DTO for what a handler returns.
func (x *interp) transferConfig(d pysyntax.Node) (transferConfig, bool) {
	if s, dto := x.dtoFor(d, "return_dto"); dto != pysyntax.Nil {
		return x.configOf(s, dto)
	}
	if x.a.plugged() {
		return transferConfig{depth: 1}, true
	}
	if s, dto := x.dtoFor(d, "dto"); dto != pysyntax.Nil {
		return x.configOf(s, dto)
	}
	return transferConfig{}, false
}

// dtoFor is what the innermost layer around a handler says by one of the two names, and where; Nil where none does.
func (x *interp) dtoFor(d pysyntax.Node, name string) (typeScope, pysyntax.Node) {
	f := x.u.key.fn
	if dto := x.t.Keyword(d, name); dto != pysyntax.Nil {
		return typeScope{mod: x.m, class: f.Class}, dto
	}
	if x.u.key.recv != nil {
		for base := range x.a.g.Lineage(x.u.key.recv) {
			if f := base.Field(name); f != nil && f.Value != pysyntax.Nil {
				return typeScope{mod: f.Module, class: f.Class}, f.Value
			}
		}
	}
	for _, l := range x.a.dtoLayers() {
		if dto := l.mod.Tree.Keyword(l.call, name); dto != pysyntax.Nil && x.a.holdsHandler(l, f, x.u.key.recv) {
			return typeScope{mod: l.mod}, dto
		}
	}
	return typeScope{}, pysyntax.Nil
}

// dtoLayer is a Router(...) or Litestar(...) that says something of DTOs.
type dtoLayer struct {
	mod  *pymodule.Module
	call pysyntax.Node
	app  bool
}

// outerDTOs are the routers that say something of DTOs, and behind them the applications.
func (a *analysis) outerDTOs() []dtoLayer {
	var routers, apps []dtoLayer
	for _, m := range a.g.Modules {
		t := m.Tree
		if m.Test() || !bytes.Contains(t.Source(), []byte("litestar")) || !bytes.Contains(t.Source(), []byte("dto=")) {
			continue
		}
		for n := range t.Within(t.Root()) {
			if t.Kind(n) != pysyntax.Call || t.Keyword(n, "return_dto") == pysyntax.Nil && t.Keyword(n, "dto") == pysyntax.Nil {
				continue
			}
			switch fn, _ := pymodule.DottedName(t, t.Child(n, pysyntax.FieldFunction)); pymodule.Last(fn) {
			case "Router":
				routers = append(routers, dtoLayer{m, n, false})
			case "Litestar":
				apps = append(apps, dtoLayer{m, n, true})
			}
		}
	}
	return append(routers, apps...)
}

// holdsHandler reports whether a layer is one around a handler: the application, of all; a router, of those whose functions and
// controllers it names itself.
func (a *analysis) holdsHandler(l dtoLayer, f *pymodule.Function, controller *pymodule.Class) bool {
	if l.app {
		return true
	}
	t := l.mod.Tree
	handlers := t.Keyword(l.call, "route_handlers")
	if handlers == pysyntax.Nil {
		handlers = t.Nth(t.Child(l.call, pysyntax.FieldArguments), 1)
	}
	for n := range t.Children(handlers) {
		name, ok := pymodule.DottedName(t, n)
		if !ok {
			continue
		}
		switch s := a.g.Resolve(l.mod, name); s.Kind {
		case pymodule.FunctionSymbol:
			if f.Class == nil && s.Function.Def() == f.Def() {
				return true
			}
		case pymodule.ClassSymbol:
			if controller != nil && s.Class == controller {
				return true
			}
		}
	}
	return false
}
