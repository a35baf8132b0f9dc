package rewrite

import (
	"cmp"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// option is a loader option as it is written at a target, or, behind an option that is there, the rest of it.
type option struct {
	text       string
	under      pysyntax.Node   // the option that it goes behind, Nil where it stands for itself
	top, local []pyedit.Import // as spelling has them
}

// optionFor is the option for one want, whole or, when it goes under an existing option, from there on; or why it cannot
// be.
func (p *program) optionFor(t *target, w want) (option, string) {
	first := w.need.Steps[0].Rel.Name
	if w.demand.Site.Told == loadflow.ByName {
		return option{text: p.styles.of(t.module).String(first), under: pysyntax.Nil}, ""
	}
	o := option{under: pysyntax.Nil}
	root, hint, why := p.rootOf(t, w, &o.top, &o.local)
	if why != "" {
		return option{}, why
	}
	if w.demand.Site.Told == loadflow.ByAttribute {
		o.text = root + "." + first
		return o, ""
	}
	if under := p.deepenable(t, w); under != pysyntax.Nil && !p.ofType(w.need, w.loaded-1) {
		o = option{under: under}
	}
	alias, why := p.aliasBehind(t, w, o.under)
	if why != "" {
		return option{}, why
	}
	s := pathSpelling{p: p, t: t, w: w, root: root, hint: hint, alias: alias, option: o}
	return s.spell()
}

// aliasBehind is the name by which what stands behind the loaded steps must be spelled, "" for their class; or why it
// cannot be spelled.
func (p *program) aliasBehind(t *target, w want, under pysyntax.Node) (alias, why string) {
	steps := w.need.Steps
	for i := range w.loaded {
		if !loadflow.OfType(steps[i].Loader) {
			continue
		}
		if i == w.loaded-1 && under != pysyntax.Nil {
			if alias, _ = p.typeOf(t.module, t.function, under); alias != "" {
				continue
			}
		}
		return "", behindOfType(steps[:i+1])
	}
	return alias, ""
}

// behindOfType says why nothing can be spelled behind steps whose last goes by of_type().
func behindOfType(steps []loadflow.Step) string {
	return "its query loads " + pathText(steps) + " by of_type(), and what follows must be spelled by that"
}

// pathSpelling spells the links of one option, step by step, and notes their imports in it.
type pathSpelling struct {
	p          *program
	t          *target
	w          want
	root, hint string // of the entity, as rootOf has them
	alias      string
	option
}

func (s *pathSpelling) spell() (option, string) {
	steps, first := s.w.need.Steps, 0
	if s.under != pysyntax.Nil {
		first = s.w.loaded
	}
	own := false // a step before has its own query
	for i := range first {
		own = own || loadflow.OwnQuery(steps[i].Loader)
	}
	var links []string
	for i := first; i < len(steps); i++ {
		loader, why := s.p.loaderOf(s.t, s.w, i, own)
		if why != "" {
			return option{}, why
		}
		own = own || loadflow.OwnQuery(cmp.Or(steps[i].Loader, loader))
		link, why := s.link(i, loader)
		if why != "" {
			return option{}, why
		}
		links = append(links, link)
	}
	s.text = strings.Join(links, ".")
	return s.option, ""
}

// link is one step as a call of its loader.
func (s *pathSpelling) link(i int, loader string) (text, why string) {
	argument, why := s.argument(i, loader)
	if why != "" {
		return "", why
	}
	if i == 0 {
		function, why := s.p.spellLoader(s.t.module, s.t.function, s.t.node, loader)
		if why != "" {
			return "", why
		}
		loader = function.text
		s.top, s.local = append(s.top, function.top...), append(s.local, function.local...)
	}
	return loader + "(" + argument + ")", ""
}

// argument is what the loader of one step is called with.
func (s *pathSpelling) argument(i int, loader string) (text, why string) {
	need, class := s.w.need, s.root
	step := need.Steps[i]
	switch {
	case i == s.w.loaded && s.alias != "":
		class = s.alias
	case i > 0:
		spelled, why := s.class(s.linked(i))
		if why != "" {
			return "", why
		}
		class = spelled.text
		s.top, s.local = append(s.top, spelled.top...), append(s.local, spelled.local...)
	}
	text = class + "." + step.Rel.Name
	if s.p.ofType(need, i) {
		if step.Again {
			return "", "the relationship is one of a subclass, and no option loads it at every level of " + pathText(need.Steps[:i+1])
		}
		if loader != "selectinload" {
			return "", "the relationship is one of a subclass, and its query loads " + pathText(need.Steps[:i+1]) + " otherwise than by selectinload"
		}
		sub, why := s.class(need.Steps[i+1].Class) // the next link imports it
		if why != "" {
			return "", why
		}
		text += ".of_type(" + sub.text + ")"
	}
	if step.Again && strings.HasSuffix(loader, "selectinload") {
		if step.Rel.MayRing() {
			return "", "the rows of " + step.Class.Name + " may lead back to each other, and recursion_depth=-1 would then never end: give selectinload() the depth that is needed"
		}
		text += ", recursion_depth=-1"
	}
	return text, ""
}

// linked is the class by which a later step is spelled: what the step before leads to, where that has the relationship, also
// if it is read of a subclass. Form.components leads to Component, and Question.expressions does not link to that (measured
// on 2.0 and 2.1).
func (s *pathSpelling) linked(i int) *pymodule.Class {
	step, before := s.w.need.Steps[i], s.w.need.Steps[i-1].Rel.Target
	if before == nil || s.p.ofType(s.w.need, i-1) || !s.p.graph.IsSubclass(step.Class, before) || s.p.index.Relationship(before, step.Rel.Name) != step.Rel {
		return step.Class
	}
	return before
}

func (s *pathSpelling) class(c *pymodule.Class) (spelling, string) {
	return s.p.spellClass(s.t.module, s.t.function, s.t.node, c, s.hint)
}
