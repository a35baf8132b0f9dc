package pyedit

import (
	"fmt"
	"strings"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// AddKeywordParameter makes edits that give a function definition or lambda one more parameter, `name: type = default`, that can
// only be given by name: behind *args or a bare `*` that is there, else behind a new `*`; before **kwargs.
func AddKeywordParameter(t *pysyntax.Tree, function pysyntax.Node, parameter string, s Style) ([]edits.Edit, error) {
	list := t.Child(function, pysyntax.FieldParameters)
	q, ok := sequenceOf(t, list)
	isLambda := t.Kind(function) == pysyntax.Lambda
	if !ok && !isLambda || t.HasError(list) {
		return nil, fmt.Errorf("line %d: the parameters do not parse", t.Line(function))
	}
	at, keywordOnly, i := -1, false, 0
	for c := range t.Children(list) {
		name := c
		if t.Kind(c) == pysyntax.TypedParameter {
			name = t.First(c)
		}
		switch t.Kind(name) {
		case pysyntax.ListSplatPattern, pysyntax.KeywordSeparator:
			keywordOnly = true
		case pysyntax.DictionarySplatPattern:
			at = i
		}
		i++
	}
	if at < 0 {
		at = i
	}
	texts := []string{parameter}
	if !keywordOnly {
		texts = []string{"*", parameter}
	}
	if isLambda {
		return addToLambda(t, function, at, texts), nil
	}
	return q.insert(at, texts, s.complete(t)), nil
}

// addToLambda puts texts before a parameter of a lambda, on its line: it has no parentheses to break lines in.
func addToLambda(t *pysyntax.Tree, lambda pysyntax.Node, at int, texts []string) []edits.Edit {
	list := t.Child(lambda, pysyntax.FieldParameters)
	text := strings.Join(texts, ", ")
	switch before := t.Nth(list, at); {
	case list == pysyntax.Nil:
		place := t.Start(lambda) + len("lambda")
		return []edits.Edit{{Start: place, End: place, New: " " + text}}
	case before != pysyntax.Nil:
		return []edits.Edit{{Start: t.Start(before), End: t.Start(before), New: text + ", "}}
	}
	return []edits.Edit{{Start: t.End(list), End: t.End(list), New: ", " + text}}
}
