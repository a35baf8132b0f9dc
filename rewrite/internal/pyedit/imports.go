package pyedit

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Import is one name that must be importable: `from Module import Name as Alias`. Without a Name it is
// `import Module as Alias`. Module may be relative (".models"); Alias may be empty.
type Import struct{ Module, Name, Alias string }

// bound is the name that the import binds.
func (i Import) bound() string {
	switch {
	case i.Alias != "":
		return i.Alias
	case i.Name != "":
		return i.Name
	}
	root, _, _ := strings.Cut(i.Module, ".")
	return root
}

// clause is what stands behind the keyword import.
func (i Import) clause() string {
	text := cmp.Or(i.Name, i.Module)
	if i.Alias != "" {
		text += " as " + i.Alias
	}
	return text
}

// EnsureImports makes edits that import what needs names at the level of the module, none for what is imported there
// already. An import inside a function, an if or a try does not count: it may not run. An existing `from m import a`
// is extended, in the order that its names have; else a line is added where a person would look for it.
//
// It is an error when the module binds the name to something else.
func EnsureImports(t *pysyntax.Tree, needs []Import, s Style) ([]edits.Edit, error) {
	s = s.complete(t)
	var existing []importStatement
	for n := range t.Children(t.Root()) {
		if im, ok := readImport(t, n); ok {
			existing = append(existing, im)
		}
	}
	needs, err := absent(t, t.Root(), existing, needs)
	if err != nil {
		return nil, err
	}
	s.Imports.SingleLine = s.Imports.SingleLine || oneNameEach(existing)
	out, fresh := extendAll(existing, needs, s)
	if len(fresh) == 0 {
		return out, nil
	}
	head := headOf(t, t.Root(), existing, s)
	lines := importLines(fresh, "", s)
	if len(head) == 0 {
		return append(out, topOfFile(t, lines, s)), nil
	}
	return append(out, placeLines(t, head, lines, "", s)...), nil
}

// EnsureLocalImports is EnsureImports for the body of a function definition: new lines become its first statements,
// behind the docstring.
func EnsureLocalImports(t *pysyntax.Tree, function pysyntax.Node, needs []Import, s Style) ([]edits.Edit, error) {
	s = s.complete(t)
	if t.Kind(function) == pysyntax.DecoratedDefinition {
		function = t.Child(function, pysyntax.FieldDefinition)
	}
	body := t.Child(function, pysyntax.FieldBody)
	if t.Kind(function) != pysyntax.FunctionDefinition || t.Kind(body) != pysyntax.Block || t.HasError(function) {
		return nil, fmt.Errorf("line %d: expected a function to import in, found `%s`", t.Line(function), shortened(t.Text(function)))
	}
	existing := leadingImports(t, body)
	needs, err := absent(t, body, existing, needs)
	if err != nil {
		return nil, err
	}
	out, fresh := extendAll(existing, needs, s)
	if len(fresh) == 0 {
		return out, nil
	}
	if !beginsLine(t.Source(), t.Start(body)) {
		return append(out, breakBody(t, function, body, fresh, s)), nil
	}
	indent := indentation(t.Source(), t.Start(body))
	lines := importLines(fresh, indent, s)
	if head := headOf(t, body, existing, s); len(head) > 0 {
		return append(out, placeLines(t, head, lines, indent, s)...), nil
	}
	return append(out, topOfFunction(t, function, body, lines, indent, s)), nil
}

// leadingImports is the imports that a body starts with, behind its docstring.
func leadingImports(t *pysyntax.Tree, body pysyntax.Node) []importStatement {
	var out []importStatement
	first := true
	for n := range t.Children(body) {
		im, ok := readImport(t, n)
		if !ok && !(first && isDocstring(t, n)) {
			break
		}
		if ok {
			out = append(out, im)
		}
		first = false
	}
	return out
}

func isDocstring(t *pysyntax.Tree, n pysyntax.Node) bool {
	return t.Kind(n) == pysyntax.ExpressionStatement && t.Is(t.First(n), pysyntax.String, pysyntax.ConcatenatedString)
}

// statementLineEnd is the end of the line on which n ends, of the last line when a statement behind a semicolon goes
// on.
func statementLineEnd(t *pysyntax.Tree, n pysyntax.Node) int {
	end := t.End(n)
	for c := range t.Children(t.Parent(n)) {
		if t.Start(c) >= end && t.LineAt(t.Start(c)) == t.LineAt(end) {
			end = t.End(c)
		}
	}
	return lineEnd(t.Source(), end)
}

// absent is the needs that no statement meets, each once, or the error that one of them is taken.
func absent(t *pysyntax.Tree, scope pysyntax.Node, existing []importStatement, needs []Import) ([]Import, error) {
	var out []Import
	for _, need := range needs {
		if slices.Contains(out, need) || slices.ContainsFunc(existing, func(im importStatement) bool { return im.meets(need) }) {
			continue
		}
		for _, other := range out {
			if other.bound() == need.bound() && other.Name+need.Name != "" {
				return nil, fmt.Errorf("cannot import %s from both %s and %s", need.bound(), other.Module, need.Module)
			}
		}
		if at := bindingOf(t, scope, existing, need); at != pysyntax.Nil {
			return nil, fmt.Errorf("line %d: cannot import %s from %s: `%s` binds that name", t.Line(at), need.bound(), need.Module, shortened(t.Text(at)))
		}
		out = append(out, need)
	}
	return out, nil
}

// bindingOf is the statement of scope that binds the name of need to something else.
func bindingOf(t *pysyntax.Tree, scope pysyntax.Node, existing []importStatement, need Import) pysyntax.Node {
	for _, im := range existing {
		for _, name := range im.names {
			if name.bound() == need.bound() && (im.from || need.Name != "" || need.Alias != name.Alias) {
				return im.node
			}
		}
	}
	for n := range t.Children(scope) {
		name := n
		if t.Kind(name) == pysyntax.DecoratedDefinition {
			name = t.Child(name, pysyntax.FieldDefinition)
		}
		switch t.Kind(name) {
		case pysyntax.FunctionDefinition, pysyntax.ClassDefinition:
			name = t.Child(name, pysyntax.FieldName)
		case pysyntax.ExpressionStatement:
			name = t.Child(t.First(name), pysyntax.FieldLeft)
		default:
			continue
		}
		if t.Text(name) == need.bound() {
			return n
		}
	}
	return pysyntax.Nil
}

// newLine is an import statement to be placed.
type newLine struct {
	first Import // its first name
	text  string
}

// shareLine reports whether two names are imported by one statement.
func shareLine(a, b Import, s ImportStyle) bool {
	return a.Name != "" && b.Name != "" && a.Module == b.Module && !s.single(a.Module) && (s.CombineAs || a.Alias == "" && b.Alias == "")
}

// importLines is the statements for needs in the order of isort: one a module, and one an alias.
func importLines(needs []Import, indent string, s Style) []newLine {
	needs = slices.Clone(needs)
	slices.SortStableFunc(needs, func(a, b Import) int { return compareKeys(keyOf(a), keyOf(b)) })
	var out []newLine
	for i := 0; i < len(needs); {
		need := needs[i]
		names := []string{need.clause()}
		for i++; i < len(needs) && shareLine(need, needs[i], s.Imports); i++ {
			names = append(names, needs[i].clause())
		}
		if need.Name == "" {
			out = append(out, newLine{need, "import " + names[0]})
			continue
		}
		text := "from " + need.Module + " import "
		if s.fits(indent + text + join(names)) {
			text += join(names)
		} else {
			text += "(" + s.Newline + lines(names, indent+s.Indent, s) + indent + ")"
		}
		out = append(out, newLine{need, text})
	}
	return out
}
