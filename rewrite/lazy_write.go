package rewrite

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// strategyWriter gives relationships a loader strategy. What one call spells is one action, so that its line is wrapped
// once: both sides of a backref, and all attributes that a helper function makes with it.
type strategyWriter struct {
	*program
	rule    string
	value   string // of lazy=
	problem string // what is wrong with a relationship that stays as it is
	// withheld says why a relationship that could be written is left alone, "" when it is not. What it says is a finding
	// that --unsafe writes, unless refused says so too.
	withheld func(*mapper.Relationship) string
	refused  func(*mapper.Relationship) string
	// softer is why a relationship gets raise_on_sql instead of the value, "" where it does not; nil: none does.
	softer func(*mapper.Relationship) string
	whole  string                            // why all of the program are withheld, "" where they are not
	advice func(*mapper.Relationship) string // what to look at beside the edit

	calls  []*strategyCall
	byCall map[callKey]*strategyCall
}

type callKey struct {
	module *pymodule.Module
	call   pysyntax.Node
}

// strategyCall is one relationship() with all that it makes.
type strategyCall struct {
	callKey
	relationships []*mapper.Relationship
}

func (w *strategyWriter) add(r *mapper.Relationship) {
	key := callKey{r.Module, r.Call}
	if w.byCall == nil {
		w.byCall = map[callKey]*strategyCall{}
	}
	c := w.byCall[key]
	if c == nil {
		c = &strategyCall{callKey: key}
		w.byCall[key] = c
		w.calls = append(w.calls, c)
	}
	c.relationships = append(c.relationships, r)
}

func (w *strategyWriter) actions() []*action {
	out := make([]*action, len(w.calls))
	for i, c := range w.calls {
		out[i] = w.action(c)
	}
	return out
}

func (w *strategyWriter) action(c *strategyCall) *action {
	a := &action{module: c.module}
	var sides [2]side // the relationship itself, and what its backref makes
	for _, r := range c.relationships {
		s := &sides[0]
		if r.Form == mapper.FormBackref {
			s = &sides[1]
		}
		s.first = cmp.Or(s.first, r)
		s.why = cmp.Or(s.why, r.Locked, w.editable(c.module, c.call))
		if r.Lazy == mapper.Unknown {
			s.why = cmp.Or(s.why, "its lazy= is a value that cannot be seen from here")
		}
		if why := w.withheld(r); why != "" {
			s.held = cmp.Or(s.held, why)
			s.refused = s.refused || w.refused != nil && w.refused(r) != ""
		}
		if w.softer != nil {
			s.softer = cmp.Or(s.softer, w.softer(r))
		}
	}
	w.edit(a, c, &sides)
	for _, r := range c.relationships {
		s := sides[0]
		if r.Form == mapper.FormBackref {
			s = sides[1]
		}
		a.findings = append(a.findings, w.finding(c, r, s))
		a.of = append(a.of, r)
		if s.written(w.options.Unsafe) {
			a.tightens = append(a.tightens, r)
		}
	}
	return a
}

// side is what happens to one side of a call.
type side struct {
	first   *mapper.Relationship // nil: nothing
	why     string               // it cannot be written
	held    string               // it could, but must not
	refused bool                 // not with --unsafe either
	softer  string               // why it gets raise_on_sql
}

// valueFor is what one side gets.
func (w *strategyWriter) valueFor(s *side) string {
	if s.softer != "" {
		return string(mapper.RaiseOnSQL)
	}
	return w.value
}

func (s side) written(unsafe bool) bool {
	return s.first != nil && s.why == "" && (s.held == "" || unsafe && !s.refused)
}

// relationshipName is Order.items.
func relationshipName(r *mapper.Relationship) string {
	if r.Owner == nil {
		return r.Name
	}
	return r.Owner.Name + "." + r.Name
}

func (w *strategyWriter) finding(c *strategyCall, r *mapper.Relationship, s side) Finding {
	name := relationshipName(r)
	f := Finding{Rule: w.rule, Place: w.place(c.module, c.call), LoaderPath: name}
	switch {
	case s.written(w.options.Unsafe):
		f.Message, f.Fixable = fmt.Sprintf("%s gets lazy=%q", name, w.valueFor(&s)), true
		if w.advice != nil {
			f.Advice = w.advice(r)
		}
		f.Advice = cmp.Or(s.softer, f.Advice)
		if line := staleComment(r); f.Advice == "" && line > 0 {
			f.Advice = fmt.Sprintf("the comment in line %d may speak of the old value", line)
		}
	default:
		f.Message, f.Advice = name+" "+w.problem, "not edited: "+cmp.Or(s.why, s.held)
		f.Unsafe = s.why == "" && !s.refused
		if s.why == "" {
			f.Program = w.whole
		}
	}
	return f
}

// edit makes the edits of both sides at once; a side for which there is none gets the reason.
func (w *strategyWriter) edit(a *action, c *strategyCall, sides *[2]side) {
	t, style := c.module.Tree, w.styles.of(c.module)
	value := style.String(w.valueFor(&sides[0]))
	var changes []edits.Edit
	keyword := ""
	if s := &sides[1]; s.written(w.options.Unsafe) {
		e, imports, err := w.backref(s.first, style.String(w.valueFor(s)), style)
		if err != nil {
			s.why = err.Error()
		}
		changes, a.top = append(changes, e...), imports
	}
	if s := &sides[0]; s.written(w.options.Unsafe) {
		switch {
		case s.first.LazyNode != pysyntax.Nil:
			e := edits.Edit{Start: t.Start(s.first.LazyNode), End: t.End(s.first.LazyNode), New: value}
			if len(changes) > 0 && changes[0].Start > e.Start {
				changes = append([]edits.Edit{e}, changes...)
			} else {
				changes = append(changes, e)
			}
		case s.first.Form == mapper.FormSQLModel:
			e, err := setSQLModelLazy(t, c.call, value, style)
			if err != nil {
				s.why = err.Error()
			}
			a.edits = e
			return
		default:
			keyword = "lazy=" + value
		}
	}
	if len(changes) == 0 && keyword == "" {
		return
	}
	e, err := pyedit.ChangeArguments(t, c.call, changes, keyword, style)
	if err != nil {
		sides[0].why, sides[1].why = err.Error(), err.Error()
		a.top = nil
		return
	}
	a.edits = e
}

// setSQLModelLazy adds the key to sa_relationship_kwargs, which SQLModel hands to relationship().
func setSQLModelLazy(t *pysyntax.Tree, call pysyntax.Node, value string, style pyedit.Style) ([]edits.Edit, error) {
	entry := style.String("lazy") + ": " + value
	kwargs := t.Keyword(call, "sa_relationship_kwargs")
	switch {
	case kwargs == pysyntax.Nil || t.Kind(kwargs) == pysyntax.None:
		return pyedit.SetKeyword(t, call, "sa_relationship_kwargs", "{"+entry+"}", style)
	case t.Kind(kwargs) == pysyntax.Call: // dict(order_by=...)
		return pyedit.SetKeyword(t, kwargs, "lazy", value, style)
	}
	return pyedit.AddToDict(t, kwargs, entry, style)
}

// staleComment is the line of a comment inside of a relationship(), on its last line or right above it, that seems to
// explain the value of lazy= that is replaced; 0 when there is none.
func staleComment(r *mapper.Relationship) int {
	if r.LazyNode == pysyntax.Nil {
		return 0
	}
	t := r.Module.Tree
	first, last := t.Line(r.Call)-1, t.LineAt(t.End(r.Call))
	for i := range t.Len() {
		n := pysyntax.Node(i)
		if line := t.Line(n); t.Kind(n) != pysyntax.Comment || line < first || line > last {
			continue
		}
		text := strings.ToLower(t.Text(n))
		for _, word := range []string{"lazy", "load", t.Text(r.LazyNode)} {
			if strings.Contains(text, word) && !strings.Contains(text, "lazyfix:") {
				return t.Line(n)
			}
		}
	}
	return 0
}
