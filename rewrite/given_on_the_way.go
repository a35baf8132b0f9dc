package rewrite

import (
	"strings"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A call on the way may give loader options itself, which all its callers want:
//
//	async def fetch(self, id):
//	    return await self.orders.get(id, options=[selectinload(Order.notes)])
//
// What the parameter of its function brings comes beside them, where they stand: by name or by position.

// givesOwn reports whether a call on the way gives loader options of its own, to which others can be put.
func (p *program) givesOwn(s *loadflow.Site) bool {
	if s.Param == "" || s.Param[0] == '*' {
		return false
	}
	value, unseen := givenOptions(s, s.Param)
	return value != pysyntax.Nil && !unseen && s.Module.Tree.Kind(value) != pysyntax.None && !p.takesOneLoader(s, s.Param)
}

// handOn gives a call on the way what a parameter brings, for the called function's parameter of a name.
func (p *program) handOn(s *loadflow.Site, taken string, by parameter) ([]edits.Edit, error) {
	t, style := s.Module.Tree, p.styles.of(s.Module)
	given, _ := givenOptions(s, taken)
	if given == pysyntax.Nil || t.Kind(t.Parent(given)) == pysyntax.KeywordArgument {
		return pyedit.SetKeyword(t, s.Node, taken, besideGiven(t, s.Node, taken, by), style)
	}
	edit := edits.Edit{Start: t.Start(given), End: t.End(given), New: beside(t, given, by)}
	return pyedit.ChangeArguments(t, s.Node, []edits.Edit{edit}, "", style)
}

// noteOwn notes that a call on the way gets options of its own where those that it gives stand: in their list, or around what gives
// them. True where it does.
func (p *program) noteOwn(own map[targetKey]bool, s *loadflow.Site, by parameter) bool {
	if !p.givesOwn(s) {
		return false
	}
	t := s.Module.Tree
	value, _ := givenOptions(s, s.Param)
	for t.Kind(value) == pysyntax.ParenthesizedExpression {
		value = t.First(value)
	}
	for _, form := range []targetForm{listTarget, wrapTarget} {
		if at := (targetKey{form, s.Module, value}); own[at] {
			p.handing[at] = by
			p.handing[targetKey{keywordTarget, s.Module, s.Node}] = by
			return true
		}
	}
	return false
}

// beside is a value with what a parameter brings put behind it.
func beside(t *pysyntax.Tree, given pysyntax.Node, by parameter) string {
	for t.Kind(given) == pysyntax.ParenthesizedExpression {
		given = t.First(given)
	}
	text := t.Text(given)
	switch {
	case given == pysyntax.Nil, t.Kind(given) == pysyntax.None:
		return by.name
	case t.Is(given, pysyntax.List, pysyntax.Tuple) && !strings.ContainsAny(text, "\n#"):
		items := text
		if text[0] == '(' || text[0] == '[' {
			items = text[1 : len(text)-1]
		}
		items = strings.TrimSuffix(strings.TrimSpace(items), ",")
		if items == "" {
			return by.name
		}
		return "[" + items + ", " + by.spread() + "]"
	case t.Is(given, pysyntax.List, pysyntax.Tuple, pysyntax.ListComprehension):
		return "[*" + text + ", " + by.spread() + "]"
	case t.Is(given, pysyntax.Identifier, pysyntax.Attribute, pysyntax.Call, pysyntax.Subscript):
		if fn := t.Text(t.Child(given, pysyntax.FieldFunction)); fn == "list" || fn == "tuple" {
			return "[*" + text + ", " + by.spread() + "]"
		}
		return "[*(" + text + " or ()), " + by.spread() + "]" // it may be None
	}
	return "[*((" + text + ") or ()), " + by.spread() + "]"
}
