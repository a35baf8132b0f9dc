package loadflow

// symbolic is what a call may replace in an atom or an origin: the units whose parameters stand in it, and whether it
// holds what any call may turn into a query of its own (a statement, a generic site). It is counted once, when the atom
// is interned, so that a call passes over what it cannot change. nil: nothing.
type symbolic struct {
	units []string // ids
	any   bool
}

// by reports whether a call of unit id may change something.
func (s *symbolic) by(id string) bool {
	if s == nil {
		return false
	}
	if s.any {
		return true
	}
	for _, u := range s.units {
		if u == id {
			return true
		}
	}
	return false
}

var anyCall = &symbolic{any: true}

func symbolicUnit(u *unitKey) *symbolic { return &symbolic{units: []string{u.id}} }

// and is the union. Neither side changes.
func (s *symbolic) and(o *symbolic) *symbolic {
	switch {
	case o == nil || s == o:
		return s
	case s == nil:
		return o
	}
	out := s
	if o.any && !s.any {
		out = &symbolic{units: s.units[:len(s.units):len(s.units)], any: true}
	}
	for _, u := range o.units {
		if out.has(u) {
			continue
		}
		if out == s {
			out = &symbolic{units: s.units[:len(s.units):len(s.units)], any: s.any}
		}
		out.units = append(out.units, u)
	}
	return out
}

func (s *symbolic) has(id string) bool {
	for _, u := range s.units {
		if u == id {
			return true
		}
	}
	return false
}

func (v value) symbolic() *symbolic {
	var out *symbolic
	for _, a := range v {
		out = out.and(a.symbolic)
	}
	return out
}

func (o *optionSet) symbolic() *symbolic { return o.atoms().symbolic() }

func symbolicAtom(a *atom) *symbolic {
	switch a.kind {
	case object:
		return a.origin.symbolic
	case statement:
		return anyCall
	case optionParam:
		return symbolicUnit(a.unit)
	case option:
		if a.opt.instead != nil {
			return symbolicUnit(a.opt.instead)
		}
	case collection, resultRows:
		return a.elem.symbolic()
	case mapping:
		out := a.key.symbolic().and(a.elem.symbolic())
		for _, e := range a.entries { // elem has a bound
			out = out.and(e.value.symbolic())
		}
		return out
	case instance:
		var out *symbolic
		for _, e := range a.entries {
			out = out.and(e.value.symbolic())
		}
		return out
	case tuple:
		var out *symbolic
		for _, e := range a.elems {
			out = out.and(e.symbolic())
		}
		return out
	case funcRef:
		return a.self.symbolic()
	}
	return nil
}

func symbolicOrigin(o *origin) *symbolic {
	var out *symbolic
	switch o.kind {
	case fromSite:
		if out = o.opts.symbolic(); o.site.Generic {
			out = out.and(anyCall)
		}
	case fromParam:
		out = symbolicUnit(o.unit)
	case fromStatement:
		out = symbolicUnit(o.unit).and(o.opts.symbolic())
	case fromRefresh, fromSet, fromNew, fromSave:
		if s := o.saved; s != nil && (s.generic || s.guard >= 0) {
			out = anyCall
		}
		if o.inner != nil {
			out = out.and(o.inner.symbolic)
		}
		for _, g := range o.given {
			out = out.and(g.value.symbolic())
			if g.by != nil {
				out = out.and(symbolicUnit(g.by))
			}
		}
	}
	return out
}
