package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Libraries of signals and events call what was registered with them with what is sent:
//
//	closed = signal("closed")                 # blinker: each signal has its receivers
//	@closed.connect                           # closed.connect(f), closed.connect_via(sender)
//	def on_closed(sender, order): ...
//	closed.send(self, order=order)
//
//	@bus.on("paid")                           # pyee: an emitter has those of each event
//	def on_paid(order): ...
//	bus.emit("paid", order)
//
// Limits: which receivers are connected at the time, and to which sender, is not asked; emitters of one
// class of the program, and of those below it, are one.

// isEmitterOf begins the name of a signal or an emitter; what tells it apart follows.
const isEmitterOf = "<events> "

// namespaceOfSignals begins the name of what makes signals by name.
const namespaceOfSignals = isEmitterOf + "Namespace "

func isEmitter(a *atom) bool { return a.kind == external && strings.HasPrefix(a.name, isEmitterOf) }

// emitterMade is what a call of a library gives that makes a signal or an emitter, or runs a hook; false for any other.
func (x *interp) emitterMade(name string, args *arguments, n pysyntax.Node) (value, bool) {
	pkg, _, _ := strings.Cut(name, ".")
	switch last := pymodule.Last(name); {
	case hookNamed(name) != "":
		return x.callHook(hookNamed(name), args, n)
	case pkg == "blinker" && last == "signal", pkg == "blinker" && last == "NamedSignal":
		return one(x.a.t.external(isEmitterOf + "signal " + x.eventName(args.node(0, "name")))), true
	case pkg == "blinker" && last == "Signal", pkg == "pyee" && strings.HasSuffix(last, "EventEmitter"):
		return one(x.a.t.external(isEmitterOf + placeID(x.m, n))), true
	case name == "pluggy.HookimplMarker":
		return one(x.a.t.external(hookMarker)), true
	case name == "pluggy.PluginManager":
		return one(x.a.t.external(hookManager)), true
	case pkg == "blinker" && last == "Namespace":
		return one(x.a.t.external(namespaceOfSignals + placeID(x.m, n))), true
	}
	return nil, false
}

// emitters are the signals and emitters in v, by their names.
func (x *interp) emitters(v value) []string {
	var out []string
	for _, a := range v {
		if isEmitter(a) {
			out = append(out, a.name)
		} else if a.kind == instance && x.a.isEmitterClass(a.class) {
			out = append(out, isEmitterOf+"of "+classID(x.a.emitterRoot(a.class)))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// isEmitterClass reports whether a class is an emitter of pyee: class Bus(AsyncIOEventEmitter).
func (a *analysis) isEmitterClass(c *pymodule.Class) bool {
	return slices.ContainsFunc(a.g.MRO(c), func(b pymodule.Base) bool {
		return strings.HasPrefix(b.External, "pyee.") && strings.HasSuffix(b.External, "EventEmitter")
	})
}

// emitterRoot is the highest class of the program, of those of an emitter's class, that is one: what is taken by that is heard, too.
func (a *analysis) emitterRoot(c *pymodule.Class) *pymodule.Class {
	root := c
	for base := range a.g.Lineage(c) {
		if a.isEmitterClass(base) {
			root = base
		}
	}
	return root
}

// eventName tells an event apart: its string, or the constant that it is; "" where it is not known.
func (x *interp) eventName(n pysyntax.Node) string {
	if s := x.spelled(x.t, n); s != "" {
		return s
	}
	if v := x.constant(n); v != nil && v.Class != nil {
		return "@" + placeID(v.Module, v.Value)
	}
	return ""
}

func handlersOf(emitter, event string) fieldKey { return kept("handlers "+emitter, event) }

// eventMethod is a method of a signal or an emitter; false for any other.
func (x *interp) eventMethod(c methodCall) (value, bool) {
	emitters := x.emitters(c.owner)
	if len(emitters) == 0 {
		return nil, false
	}
	var out value
	for _, emitter := range emitters {
		switch c.name {
		case "signal":
			out = join(out, one(x.a.t.external(emitter+" "+x.eventName(c.args.node(0, "name")))))
		case "connect", "connect_via":
			x.put(handlersOf(emitter, ""), c.args.get(0, "receiver"))
			out = join(out, c.args.get(0, "receiver"))
		case "on", "once", "add_listener", "listens_to":
			x.put(handlersOf(emitter, x.eventName(c.args.node(0, "event"))), c.args.get(1, "f"))
		case "send", "send_async":
			given := x.callValue(x.keptAt(handlersOf(emitter, "")), c.args, c.node)
			out = join(out, x.a.t.collection(x.a.t.tuple([]value{nil, given}, nil)))
		case "emit":
			x.emitted(emitter, c)
		default:
			return nil, false
		}
	}
	return out, true
}

// emitted is bus.emit("paid", order).
func (x *interp) emitted(emitter string, c methodCall) {
	if len(c.args.posNodes) == 0 {
		return
	}
	event := x.eventName(c.args.posNodes[0])
	handlers, given := x.keptAt(handlersOf(emitter, event)), c.args.withoutFirst()
	if event != "" {
		handlers = join(handlers, x.keptAt(handlersOf(emitter, "")))
	} else if sent := x.relatedObject(flatten(given.all())); sent != nil {
		x.out.blind = append(x.out.blind, &blind{
			x.m, c.node, "the name of the event that it is sent with is not known here", "load what the event's functions read where the objects are queried",
			sent.class,
		})
	}
	x.callValue(handlers, given, c.node)
}

// handlesEvents notes a function whose decorators have a signal, an emitter or a plugin manager call it.
func (x *interp) handlesEvents(f *atom) {
	if f.fn.Class != nil && len(f.self) == 0 && isMethod(f.fn) {
		f = x.a.t.funcRef(f.fn, one(x.a.t.instance(f.fn.Class, typeArgs{})), nil)
	}
	t := f.fn.Module.Tree
	for _, d := range f.fn.Decorators {
		called := t.Callee(d)
		if x.marksHook(called) {
			x.keepHook(f)
		}
		if t.Kind(called) != pysyntax.Attribute {
			continue
		}
		for _, emitter := range x.emitters(x.quiet(t.Child(called, pysyntax.FieldObject))) {
			switch t.Text(t.Child(called, pysyntax.FieldAttribute)) {
			case "connect", "connect_via":
				x.put(handlersOf(emitter, ""), one(f))
			case "on", "once", "listens_to":
				x.put(handlersOf(emitter, x.eventName(t.ArgumentValue(t.First(t.Child(d, pysyntax.FieldArguments))))), one(f))
			}
		}
	}
}
