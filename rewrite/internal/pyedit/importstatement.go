package pyedit

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// importStatement is an import as it stands in a file.
type importStatement struct {
	t      *pysyntax.Tree
	node   pysyntax.Node
	from   bool
	module string // of a from import, without spaces; dots first when it is relative
	names  []Import
	spans  []span // of names
}

func readImport(t *pysyntax.Tree, n pysyntax.Node) (importStatement, bool) {
	im := importStatement{t: t, node: n}
	switch t.Kind(n) {
	case pysyntax.ImportStatement:
	case pysyntax.FutureImportStatement:
		im.from, im.module = true, "__future__"
	case pysyntax.ImportFromStatement:
		im.from, im.module = true, unspaced(t.Text(t.Child(n, pysyntax.FieldModuleName)))
	default:
		return im, false
	}
	for c := range t.Children(n) {
		if t.Field(c) != pysyntax.FieldName {
			continue
		}
		name, alias := t.Text(c), ""
		if t.Kind(c) == pysyntax.AliasedImport {
			name, alias = t.Text(t.Child(c, pysyntax.FieldName)), t.Text(t.Child(c, pysyntax.FieldAlias))
		}
		item := Import{Module: im.module, Name: name, Alias: alias}
		if !im.from {
			item = Import{Module: unspaced(name), Alias: alias}
		}
		im.names = append(im.names, item)
		im.spans = append(im.spans, span{t.Start(c), t.End(c)})
	}
	return im, true
}

func unspaced(text string) string { return strings.Join(strings.Fields(text), "") }

// meets reports whether the statement imports need under its name.
func (im importStatement) meets(need Import) bool {
	for _, name := range im.names {
		if name.Alias == name.Name {
			name.Alias = "" // `import a as a` marks an export
		}
		if name == need {
			return true
		}
	}
	return false
}

// key orders the statement among others; see compareKeys.
func (im importStatement) key() sortKey {
	if len(im.names) == 0 {
		return keyOf(Import{Module: im.module, Name: "*"})
	}
	return keyOf(im.names[0])
}

// extendAll adds to statements what can be added to one, and returns the rest.
func extendAll(existing []importStatement, needs []Import, s Style) (out []edits.Edit, rest []Import) {
	added := make([][]string, len(existing))
	for _, need := range needs {
		i := extensible(existing, need, s.Imports)
		if i < 0 {
			rest = append(rest, need)
			continue
		}
		added[i] = append(added[i], need.clause())
	}
	for i, names := range added {
		if len(names) > 0 {
			out = append(out, existing[i].extend(names, s)...)
		}
	}
	return out, rest
}

// extensible is the index of the statement that a person would add need to, -1 when a line of its own is better:
// where aliases, or all names of the module, have lines of their own.
func extensible(existing []importStatement, need Import, s ImportStyle) int {
	if s.single(need.Module) {
		return -1
	}
	found, single := -1, 0
	for i, im := range existing {
		if !im.from || need.Name == "" || im.module != need.Module || len(im.names) == 0 || im.t.HasError(im.node) {
			continue
		}
		aliased := slices.ContainsFunc(im.names, func(name Import) bool { return name.Alias != "" })
		plain := slices.ContainsFunc(im.names, func(name Import) bool { return name.Alias == "" })
		if plain && len(im.names) == 1 {
			single++
		}
		mixed := aliased && len(im.names) > 1
		if found < 0 && (mixed || plain && need.Alias == "" || s.CombineAs) {
			found = i
		}
	}
	if single > 1 {
		return -1
	}
	return found
}

// oneNameEach reports whether a file writes one name a line throughout: some module has two such lines of names without
// an alias, and no statement has two names.
func oneNameEach(existing []importStatement) bool {
	lines := map[string]int{}
	found := false
	for _, im := range existing {
		if len(im.names) > 1 {
			return false
		}
		if im.from && len(im.names) == 1 && im.names[0].Alias == "" {
			lines[im.module]++
			found = found || lines[im.module] > 1
		}
	}
	return found
}

// extend adds names to a from import.
func (im importStatement) extend(names []string, s Style) []edits.Edit {
	source := im.t.Source()
	first, last := im.spans[0].start, im.spans[len(im.spans)-1].end
	q := sequence{source: source, open: first, close: last, items: im.spans}
	open := find(source, im.t.End(im.t.Child(im.node, pysyntax.FieldModuleName)), first, '(')
	if open >= 0 {
		q.open, q.close = open+1, find(source, last, im.t.End(im.node), ')')
	}
	order := orderOf(im.names)
	at := make([][]string, len(im.names)+1)
	for _, name := range names {
		i := len(im.names)
		if order != nil {
			i = slices.IndexFunc(im.names, func(other Import) bool { return order(name, other.clause()) < 0 })
			if i < 0 {
				i = len(im.names)
			}
		}
		at[i] = append(at[i], name)
	}
	vertical := open >= 0 && q.vertical()
	var out []edits.Edit
	longer := 0
	for i, texts := range at {
		if len(texts) == 0 {
			continue
		}
		if order != nil {
			slices.SortFunc(texts, order)
		}
		if vertical {
			out = append(out, q.insertLines(i, texts, s)...)
			continue
		}
		e := q.insertInline(i, texts)
		longer += len(e.New)
		out = append(out, e)
	}
	line := string(source[lineStart(source, first):last]) + strings.Repeat("x", longer) + string(source[last:lineEnd(source, last)])
	if vertical || s.fits(line) || strings.ContainsAny(string(source[q.open:q.close]), "#\\") {
		return out
	}
	return []edits.Edit{q.rewriteVertical(at, open >= 0, s)}
}

// rewriteVertical writes the whole list one name a line, in brackets.
func (q sequence) rewriteVertical(at [][]string, bracketed bool, s Style) edits.Edit {
	var all []string
	for i, texts := range at {
		all = append(all, texts...)
		if i < len(q.items) {
			all = append(all, string(q.source[q.items[i].start:q.items[i].end]))
		}
	}
	base := indentation(q.source, q.open)
	e := edits.Edit{Start: q.open, End: q.close}
	if bracketed {
		base = indentation(q.source, q.open-1)
	}
	e.New = s.Newline + lines(all, base+s.Indent, s) + base
	if !bracketed {
		e.New = "(" + e.New + ")"
	}
	return e
}
