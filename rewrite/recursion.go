package rewrite

import (
	"bytes"
	"maps"
	"slices"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A tree of which the query has levels written out, and all are read:
//
//	selectinload(Comment.replies)                                 # + recursion_depth=-1
//	selectinload(Comment.replies).selectinload(Comment.replies)   # the same, and one level
//
// Every option of the path must say it, or SQLAlchemy refuses the statement; any number of them may (measured on 2.0 and
// 2.1). So none is changed unless all can be: plain chains of selectinload in the target's function.

// written is an option that has levels of a tree written out, folded as it is once it repeats.
type written struct {
	option *loadflow.Option
	first  pysyntax.Node // the call of the first level
	last   pysyntax.Node // that of the last one
	behind []loadflow.Step
}

// repeat has the options of a query repeat a step that they load for some levels, and adds what a want needs behind it; false when
// it cannot.
func (p *program) repeat(a *action, t *target, w want, add *additions) bool {
	i := slices.IndexFunc(w.need.Steps, func(s loadflow.Step) bool { return s.Loader == loadflow.OneLevel("selectinload") })
	if i < 0 || w.need.Steps[i].Rel.MayRing() || p.treeOfSubclass(w.need) >= 0 {
		return false
	}
	all, ok := p.writtenLevels(t, w, i)
	if !ok {
		return false
	}
	need := *w.need
	need.Steps = slices.Clone(need.Steps)
	need.Steps[i].Loader = "selectinload"
	w.need, w.loaded = &need, i+1
	under := pysyntax.Nil
	for _, o := range all {
		n, ok := loadedBehind(need.Steps[i+1:], o.behind)
		if !ok {
			return false
		}
		if i+1+n < w.loaded {
			continue
		}
		if i+1+n > w.loaded {
			under = pysyntax.Nil
		}
		w.loaded = i + 1 + n
		copy(need.Steps[i+1:w.loaded], o.behind)
		if len(o.behind) == n && (o.option.Node != o.last || o.first == o.last) { // its end stays
			under = o.option.Node
		}
	}
	if w.loaded < len(need.Steps) {
		s := pathSpelling{p: p, t: t, w: w, option: option{under: under}}
		root, hint, cannot := p.rootOf(t, w, &s.top, &s.local)
		if s.root, s.hint = root, hint; under != pysyntax.Nil {
			s.top, s.local = nil, nil // the root is spelled already
		}
		o, why := s.spell()
		if why != "" || under == pysyntax.Nil && cannot != "" {
			return false
		}
		a.imports(t, o.top, o.local)
		if under != pysyntax.Nil {
			add.deeper[under] = append(add.deeper[under], o.text)
		} else {
			add.options = append(add.options, o.text)
		}
	}
	for _, o := range all {
		add.repeated[o.first] = o.last
	}
	return true
}

// loadedBehind counts the first steps that an option loads behind the levels; false when it says of the next one what cannot be
// said beside another.
func loadedBehind(steps, behind []loadflow.Step) (n int, ok bool) {
	for n < len(steps) && n < len(behind) && steps[n].Rel == behind[n].Rel {
		if loader := behind[n].Loader; loader != "joinedload" && (loader != loadflow.Bare(loader) || !loadflow.OwnQuery(loader)) {
			return 0, false
		}
		n++
	}
	return n, true
}

// writtenLevels are the options of a query that load step i of a want, if each can be changed.
func (p *program) writtenLevels(t *target, w want, i int) ([]written, bool) {
	steps, tree := w.need.Steps, t.module.Tree
	var out []written
	for _, o := range w.demand.Options {
		if !o.Begins(steps, i+1) {
			continue
		}
		calls := loaderCalls(tree, o.Node)
		if o.Module != t.module || o.Func != t.function || len(calls) != len(o.Steps) || alternative(t, o) || !p.ownOption(t, o, w) ||
			len(out) > 0 && enclosing(tree, o.Node) != enclosing(tree, out[0].option.Node) {
			return nil, false
		}
		last := i
		for last+1 < len(o.Steps) && o.Steps[last+1].Rel == steps[i].Rel {
			last++
		}
		for j, s := range o.Steps[:last+1] {
			if s.Loader != "selectinload" || s.Again || !saysIn(o, calls[j], s.Rel.Name) {
				return nil, false
			}
		}
		if bytes.ContainsRune(tree.Source()[tree.End(calls[i]):tree.End(calls[last])], '#') { // a comment, which would go
			return nil, false
		}
		out = append(out, written{o, calls[i], calls[last], o.Steps[last+1:]})
	}
	return out, len(out) > 0
}

// loaderCalls are the calls of a chain of loaders with one relationship each, the first one first; nil for anything else.
func loaderCalls(t *pysyntax.Tree, n pysyntax.Node) []pysyntax.Node {
	var out []pysyntax.Node
	for t.Kind(n) == pysyntax.Call {
		function := t.Child(n, pysyntax.FieldFunction)
		name := pymodule.Last(t.Text(function))
		if t.Kind(function) == pysyntax.Attribute {
			name = t.Text(t.Child(function, pysyntax.FieldAttribute))
		}
		if !loadflow.IsLoader(name) || len(pyedit.Positional(t, n)) != 1 {
			return nil
		}
		out = append(out, n)
		n = t.Child(function, pysyntax.FieldObject)
	}
	slices.Reverse(out)
	return out
}

// repeatedEdits make the levels of options one that repeats.
func repeatedEdits(tree *pysyntax.Tree, repeated map[pysyntax.Node]pysyntax.Node, style pyedit.Style) ([]edits.Edit, error) {
	style.Width = 0 // what is behind the option may wrap its line, too
	var out []edits.Edit
	for _, first := range slices.Sorted(maps.Keys(repeated)) {
		e, err := pyedit.SetKeyword(tree, first, "recursion_depth", "-1", style)
		if err != nil {
			return nil, err
		}
		out = append(out, e...)
		if last := repeated[first]; last != first {
			out = append(out, edits.Edit{Start: tree.End(first), End: tree.End(last)})
		}
	}
	return out, nil
}
