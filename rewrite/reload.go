package rewrite

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// reload is one place behind which an object is refreshed.
type reload struct {
	place   loadflow.Place
	class   *pymodule.Class
	refresh bool // it is a refresh that takes more names
	needs   []*loadflow.Need
}

// reloadAction refreshes an object at one place with all that it needs.
func (p *program) reloadAction(r *reload) *action {
	m := r.place.Module
	t, style := m.Tree, p.styles.of(m)
	a := &action{module: m}
	holder, head := p.reloadHead(r, style)
	for _, need := range r.needs {
		a.findings = append(a.findings, Finding{
			Rule: "unloaded-after-commit", Place: p.place(m, r.place.Node), Why: p.steps(need.Why),
			Message: fmt.Sprintf("loads %s%s by a refresh of %s", pathText(need.Steps), loadedWhy(need), holder),
			Fixable: p.options.Unsafe, Unsafe: true,
		})
	}
	if !p.options.Unsafe {
		return a
	}
	indent := strings.Repeat(style.Indent, len(head))
	var lines []string
	for _, l := range r.loads(holder, style) {
		if r.refresh && l.object == holder {
			e, err := addToRefresh(t, r.place.Node, l.names, style)
			if err != nil {
				a.refuse(err.Error())
				return a
			}
			a.edits = append(a.edits, e...)
			continue
		}
		lines = append(lines, fmt.Sprintf("%sawait %s.refresh(%s, [%s])", indent, r.place.Session, l.object, strings.Join(l.names, ", ")))
	}
	if len(lines) == 0 {
		return a
	}
	e, err := insertReload(t, r.place, append(head, lines...), style)
	if err != nil {
		a.refuse(err.Error())
		return a
	}
	a.edits = append(a.edits, e...)
	return a
}

// reloadHead is how the object at hand is spelled, and the lines that a refresh of it stands below, each within the one before: a
// loop over a list, and the conditions under which there is an object to refresh.
func (p *program) reloadHead(r *reload, style pyedit.Style) (holder string, head []string) {
	holder = r.place.Holder
	inside := func(line string) {
		head = append(head, strings.Repeat(style.Indent, len(head))+line+":")
	}
	list, each := strings.CutSuffix(holder, loadflow.EachOf)
	if each {
		holder = unusedName(r.place.Module.Tree, r.place.Function, r.class)
		inside("for " + holder + " in " + list)
	} else if slices.ContainsFunc(r.needs, func(n *loadflow.Need) bool { return perhapsNone(r.place, n) }) || setToNone(r.place, holder) {
		inside("if " + holder + " is not None")
	}
	if perhapsAdded(r.place, list) || p.perhapsGone(r.place, list) {
		inside("if " + holder + " in " + r.place.Session)
	}
	return holder, head
}

// refreshed is an object, as it is spelled, and the names that a refresh of it loads, as strings.
type refreshed struct {
	object string
	names  []string
}

// loads are the objects that are refreshed, from the one at hand to what stands behind it, with sorted names.
func (r *reload) loads(holder string, style pyedit.Style) []refreshed {
	var out []refreshed
	add := func(object, name string) {
		i := slices.IndexFunc(out, func(l refreshed) bool { return l.object == object })
		if i < 0 {
			i, out = len(out), append(out, refreshed{object: object})
		}
		if !slices.Contains(out[i].names, name) {
			out[i].names = append(out[i].names, name)
		}
	}
	for _, need := range r.needs {
		object := holder
		for i, s := range need.Steps {
			if i >= need.Loaded {
				add(object, style.String(s.Rel.Name))
			}
			object += "." + s.Rel.Name
		}
	}
	for _, l := range out {
		slices.Sort(l.names)
	}
	slices.SortStableFunc(out, func(a, b refreshed) int { return strings.Count(a.object, ".") - strings.Count(b.object, ".") })
	return out
}

// addToRefresh adds names to the list that a refresh loads.
func addToRefresh(t *pysyntax.Tree, refresh pysyntax.Node, names []string, style pyedit.Style) ([]edits.Edit, error) {
	list := t.Keyword(refresh, "attribute_names")
	if given := pyedit.Positional(t, refresh); list == pysyntax.Nil && len(given) > 1 {
		list = given[1]
	}
	return pyedit.AddToList(t, list, names, style)
}

// insertReload puts lines behind a statement, or at the end of a block. That end commits, and may close the session: what is loaded
// must be loaded before.
func insertReload(t *pysyntax.Tree, place loadflow.Place, lines []string, style pyedit.Style) ([]edits.Edit, error) {
	if t.Kind(place.Node) != pysyntax.WithStatement {
		return pyedit.InsertAfter(t, pyedit.StatementAround(t, place.Node), lines, style)
	}
	lines = append([]string{fmt.Sprintf("await %s.flush()", place.Session)}, lines...)
	return pyedit.InsertAtEnd(t, t.Child(place.Node, pysyntax.FieldBody), lines, style)
}

// perhapsNone reports whether there may be no object at a place where one from a query is refreshed: its key was set
// elsewhere, or under a condition.
func perhapsNone(place loadflow.Place, need *loadflow.Need) bool {
	if need.Since == loadflow.NewObject {
		return false
	}
	t, set, at := place.Module.Tree, need.Why[len(need.Why)-1], place.Node
	if t.Kind(at) == pysyntax.WithStatement {
		at = t.Child(at, pysyntax.FieldBody)
	}
	return set.Module != place.Module || !t.Contains(t.Enclosing(set.Node, pysyntax.Block), at)
}

// unusedName is a name for one object of a class that a function does not use yet, and that is no keyword.
func unusedName(t *pysyntax.Tree, f *pymodule.Function, c *pymodule.Class) string {
	name := "each_" + strings.ToLower(c.Name)
	for n := range t.Within(f.Node) {
		if t.Kind(n) == pysyntax.Identifier && t.Text(n) == name {
			name += "_"
		}
	}
	return name
}
