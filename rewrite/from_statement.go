package rewrite

import (
	"regexp"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// select(Order).from_statement(rows): the columns of its objects are those that the other statement selects. Measured on SQLAlchemy
// 2.0 and 2.1: undefer(Order.notes) is needed on both where that is select(Order), and on the outer one alone where it is text(), a
// select() of columns, or a union, whose rows have the column. Relationships go on the outer one.
//
// Limits: an option on the outer statement that is there counts as loading the column, whatever the other statement selects.

const notSelected = "its query takes its rows from another statement, which is not seen to select the column"

// takenFrom is the statement that the rows of a target come from by from_statement(), Nil where there is none.
func takenFrom(t *target) pysyntax.Node {
	if t.form != chainTarget {
		return pysyntax.Nil
	}
	_, links := pyedit.Chain(t.module.Tree, t.node)
	for _, link := range links {
		if link.Name == "from_statement" {
			return t.module.Tree.First(t.module.Tree.Child(link.Call, pysyntax.FieldArguments))
		}
	}
	return pysyntax.Nil
}

// undeferInner makes the statement that a target's rows come from select a column of the target's entity, too, which is spelled
// root; or says why it cannot.
func (p *program) undeferInner(t *target, add *additions, root, column, option string) (why string) {
	tree, from := t.module.Tree, takenFrom(t)
	if from == pysyntax.Nil {
		return ""
	}
	for tree.Kind(from) == pysyntax.ParenthesizedExpression {
		from = tree.First(from)
	}
	if inner := p.selectOf(t, from, root); inner != pysyntax.Nil {
		add.inner, add.innerOptions, t.inLine = inner, append(add.innerOptions, option), true
		return ""
	}
	if p.selects(t, assignedOnce(t, from), root, column) {
		return ""
	}
	return notSelected
}

// selects reports whether the rows of a statement are seen to have a column of the entity that is spelled root, without an option.
func (p *program) selects(t *target, statement pysyntax.Node, root, column string) bool {
	tree := t.module.Tree
	text := tree.Text(statement)
	if unites.MatchString(tree.Text(tree.Child(tree.Child(statement, pysyntax.FieldFunction), pysyntax.FieldAttribute))) ||
		unites.MatchString(tree.Text(tree.Child(statement, pysyntax.FieldFunction))) {
		return strings.Contains(text, "select("+root+")") && !leavesOut.MatchString(text)
	}
	for call := range tree.Within(statement) {
		if tree.Kind(call) != pysyntax.Call {
			continue
		}
		outermost, _ := pyedit.Chain(tree, call)
		switch arguments := tree.Child(call, pysyntax.FieldArguments); pymodule.Last(p.external(t.module, t.function, tree.Child(call, pysyntax.FieldFunction))) {
		case "text":
			return regexp.MustCompile(`\*|\b` + regexp.QuoteMeta(column) + `\b`).MatchString(tree.Text(arguments))
		case "select":
			for arg := range tree.Children(arguments) {
				if name := tree.Text(tree.Child(arg, pysyntax.FieldAttribute)); outermost == statement && (name == column || name == "__table__") {
					return true
				}
			}
		}
	}
	return false
}

// unites matches what makes one statement of several, leavesOut what makes a select() of an entity leave columns out.
var (
	unites    = regexp.MustCompile(`^(union|intersect|except_)(_all|all)?$`)
	leavesOut = regexp.MustCompile(`\b(load_only|defer)\(`)
)

// assignedOnce is what the one assignment to a name in the target's function gives it; any other expression is itself.
func assignedOnce(t *target, name pysyntax.Node) pysyntax.Node {
	tree, given := t.module.Tree, pysyntax.Nil
	if tree.Kind(name) != pysyntax.Identifier || t.function == nil {
		return name
	}
	for n := range tree.Within(t.function.Body) {
		if tree.Kind(n) != pysyntax.Assignment || tree.Text(tree.Child(n, pysyntax.FieldLeft)) != tree.Text(name) {
			continue
		}
		if given != pysyntax.Nil {
			return name
		}
		given = tree.Child(n, pysyntax.FieldRight)
	}
	return given
}

// addInner adds the options of the statement within the target's.
func (p *program) addInner(a *action, t *target, add additions) (why string) {
	if len(add.innerOptions) == 0 {
		return ""
	}
	style := p.styles.of(t.module)
	style.Width = 0 // two edits of one statement must not both wrap it
	slices.Sort(add.innerOptions)
	e, err := pyedit.AddOptions(t.module.Tree, add.inner, add.innerOptions, style)
	if err != nil {
		return err.Error()
	}
	a.edits = append(a.edits, e...)
	return ""
}

// selectOf is the call select(root) that a statement begins with, Nil where it is not one of that alone.
func (p *program) selectOf(t *target, statement pysyntax.Node, root string) pysyntax.Node {
	tree := t.module.Tree
	for call := range tree.Within(statement) {
		if tree.Kind(call) != pysyntax.Call || pymodule.Last(p.external(t.module, t.function, tree.Child(call, pysyntax.FieldFunction))) != "select" {
			continue
		}
		outermost, _ := pyedit.Chain(tree, call)
		if outermost != statement {
			continue
		}
		for arg := range tree.Children(tree.Child(call, pysyntax.FieldArguments)) {
			if tree.Text(arg) == root {
				return call
			}
		}
	}
	return pysyntax.Nil
}

// inStatement reports whether the objects behind the steps of a path come in the rows of the statement.
func inStatement(steps []loadflow.Step) bool {
	for _, s := range steps {
		if s.Loader == "" || s.ByModel || loadflow.OwnQuery(s.Loader) {
			return false
		}
	}
	return true
}
