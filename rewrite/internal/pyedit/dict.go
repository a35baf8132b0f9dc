package pyedit

import (
	"fmt"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// AddToDict makes edits that append an entry, `"key": value`, to a dictionary display. The caller knows that the key is
// not there.
func AddToDict(t *pysyntax.Tree, display pysyntax.Node, entry string, s Style) ([]edits.Edit, error) {
	for t.Kind(display) == pysyntax.ParenthesizedExpression && t.First(display) != pysyntax.Nil {
		display = t.First(display)
	}
	if t.Kind(display) != pysyntax.Dictionary || t.HasError(display) {
		return nil, fmt.Errorf("line %d: expected a dictionary to add %s to, found `%s`", t.Line(display), entry, shortened(t.Text(display)))
	}
	q, ok := sequenceOf(t, display)
	if !ok {
		return nil, fmt.Errorf("line %d: expected a dictionary to add %s to", t.Line(display), entry)
	}
	return q.insert(len(q.items), []string{entry}, s.complete(t)), nil
}

// AddPositional makes edits that append positional arguments to a call, before its keyword arguments.
func AddPositional(t *pysyntax.Tree, call pysyntax.Node, values []string, s Style) ([]edits.Edit, error) {
	q, err := argumentsOf(t, call)
	if err != nil {
		return nil, err
	}
	at := 0
	for c := range t.Children(t.Child(call, pysyntax.FieldArguments)) {
		if t.Is(c, pysyntax.KeywordArgument, pysyntax.DictionarySplat) {
			break
		}
		at++
	}
	return q.insert(at, values, s.complete(t)), nil
}
