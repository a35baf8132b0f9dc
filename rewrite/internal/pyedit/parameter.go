package pyedit

import (
	"fmt"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// AddKeywordParameter makes edits that give a function definition one more parameter, `name: type = default`, that can
// only be given by name: behind *args or a bare `*` that is there, else behind a new `*`; before **kwargs.
func AddKeywordParameter(t *pysyntax.Tree, function pysyntax.Node, parameter string, s Style) ([]edits.Edit, error) {
	list := t.Child(function, pysyntax.FieldParameters)
	q, ok := sequenceOf(t, list)
	if !ok || t.HasError(list) {
		return nil, fmt.Errorf("line %d: the parameters do not parse", t.Line(function))
	}
	at, keywordOnly, i := len(q.items), false, 0
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
	texts := []string{parameter}
	if !keywordOnly {
		texts = []string{"*", parameter}
	}
	return q.insert(at, texts, s.complete(t)), nil
}
