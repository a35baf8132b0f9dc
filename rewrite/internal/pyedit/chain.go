package pyedit

import (
	"bytes"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Link is one `.name(...)` of a chain of method calls.
type Link struct {
	Name string
	Call pysyntax.Node // the call, with all that stands before it
}

// statementMethods return a statement or a legacy Query on which .options() may still be called
// (docs.sqlalchemy.org/en/20/core/selectable.html, /orm/queryguide/query.html). Left out on purpose: union and its
// kind, subquery, cte, exists, alias (no .options, or a useless one), with_only_columns and with_entities (the options
// must stand before them), and everything that executes.
var statementMethods = map[string]bool{
	"add_columns": true, "add_entity": true, "autoflush": true, "correlate": true, "correlate_except": true,
	"distinct": true, "enable_assertions": true, "enable_eagerloads": true, "execution_options": true, "fetch": true,
	"filter": true, "filter_by": true, "from_statement": true, "group_by": true, "having": true, "join": true,
	"join_from": true, "limit": true, "offset": true, "on_conflict_do_nothing": true, "on_conflict_do_update": true,
	"on_duplicate_key_update": true, "options": true, "order_by": true, "outerjoin": true, "outerjoin_from": true,
	"params": true, "populate_existing": true, "prefix_with": true, "returning": true, "select_from": true,
	"set_label_style": true, "slice": true, "suffix_with": true, "values": true, "where": true, "with_for_update": true,
	"with_hint": true, "with_statement_hint": true, "yield_per": true,
}

// Chain follows the statement methods that are called on root, a call such as select(...) or session.query(...). It
// stops before the first other method (.all(), .subquery(), .union()). Outermost is the last call of the chain, root
// when there are no links.
func Chain(t *pysyntax.Tree, root pysyntax.Node) (outermost pysyntax.Node, links []Link) {
	outermost = root
	for {
		link, ok := linkOn(t, outermost)
		if !ok || !statementMethods[link.Name] {
			return outermost, links
		}
		links = append(links, link)
		outermost = link.Call
	}
}

// linkOn is the method call on n, brackets around n passed over.
func linkOn(t *pysyntax.Tree, n pysyntax.Node) (Link, bool) {
	for t.Kind(t.Parent(n)) == pysyntax.ParenthesizedExpression {
		n = t.Parent(n)
	}
	attribute := t.Parent(n)
	call := t.Parent(attribute)
	if t.Kind(attribute) != pysyntax.Attribute || t.Field(n) != pysyntax.FieldObject ||
		t.Kind(call) != pysyntax.Call || t.Field(attribute) != pysyntax.FieldFunction {
		return Link{}, false
	}
	return Link{Name: t.Text(t.Child(attribute, pysyntax.FieldAttribute)), Call: call}, true
}

// dotOf is the offset of the dot of an attribute or of a method call, -1 when n is neither.
func dotOf(t *pysyntax.Tree, n pysyntax.Node) int {
	if n = t.Callee(n); t.Kind(n) != pysyntax.Attribute {
		return -1
	}
	return find(t.Source(), t.End(t.Child(n, pysyntax.FieldObject)), t.Start(t.Child(n, pysyntax.FieldAttribute)), '.')
}

// leadingDot is the last of the dots of calls that begins a line, -1 when none does: then the chain is not written
// one link a line.
func leadingDot(t *pysyntax.Tree, calls ...pysyntax.Node) int {
	found := -1
	for _, call := range calls {
		if dot := dotOf(t, call); dot >= 0 && beginsLine(t.Source(), dot) {
			found = dot
		}
	}
	return found
}

// continued reports whether the line before that of offset at ends in a backslash.
func continued(source []byte, at int) bool {
	before := bytes.TrimRight(source[:lineStart(source, at)], "\r\n")
	return bytes.HasSuffix(before, []byte(`\`))
}
