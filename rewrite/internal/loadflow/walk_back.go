package loadflow

import "github.com/lazyfix/lazyfix/rewrite/internal/pymodule"

// walkBack goes from objects to where they came from, through calls and whatever was done to them. It is the short way, of objects
// that are had as a whole: what is read goes the long one (follow.go), past options, what was set, and what a session did.
type walkBack struct {
	p *propagation
	// extend is the path behind what an object is a part of; false where the walk does not go on.
	extend func(of, path *path) (*path, bool)
	seen   map[partOf]bool
	end    func(o *origin, path *path) // is told where a way ends
}

// partOf is an object of an origin, behind a path.
type partOf struct {
	origin *origin
	path   *path
}

func (w *walkBack) from(o *origin, path *path) {
	if o == nil || w.seen[partOf{o, path}] {
		return
	}
	w.seen[partOf{o, path}] = true
	switch o.kind {
	case fromSet, fromRefresh, fromSave:
		if whole, ok := w.extend(o.prefix, path); ok {
			w.from(o.inner, whole)
		}
	case fromParam:
		for _, b := range w.p.passedTo(o) {
			if whole, ok := w.extend(b.path, path); ok {
				w.from(b.origin, whole)
			}
		}
	default:
		w.end(o, path)
	}
}

// passedObject is what a walk back goes on from: atoms that are alike in it are one.
type passedObject struct {
	origin *origin
	path   *path
	class  *pymodule.Class
}

// passedTo are the objects that calls pass to the parameter that an origin stands for, each once. Found once for all walks: a
// template's macros call each other from everywhere, each with the whole context, so that the calls of one pass the same objects
// tens of thousands of times.
func (p *propagation) passedTo(o *origin) []*atom {
	if out, ok := p.passed[o]; ok {
		return out
	}
	var out []*atom
	once := map[passedObject]bool{}
	for _, edges := range p.a.callers[o.unit.id] {
		for _, e := range edges {
			if o.param >= len(e.args) {
				continue
			}
			for _, b := range o.passedAs(e.args[o.param]) {
				if like := (passedObject{b.origin, b.path, b.class}); b.kind == object && !once[like] {
					once[like] = true
					out = append(out, b)
				}
			}
		}
	}
	if p.passed == nil {
		p.passed = map[*origin][]*atom{}
	}
	p.passed[o] = out
	return out
}
