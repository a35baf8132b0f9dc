package pyedit

import (
	"fmt"
	"strings"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// AddOptions makes edits that add loader options, each a line of Python source, to the statement whose chain starts at
// root, the call of select(...) or .query(...), or a name or property that gives it. They become arguments of the chain's last
// .options(...), or a new last link: on its own line where the chain is written so, else on the same line, else wrapped as
// black does. Options that stand there in the same words are left out.
func AddOptions(t *pysyntax.Tree, root pysyntax.Node, options []string, s Style) ([]edits.Edit, error) {
	s = s.complete(t)
	last, links := Chain(t, root)
	if !t.Is(root, pysyntax.Call, pysyntax.Attribute, pysyntax.Identifier) || t.HasError(last) {
		return nil, fmt.Errorf("line %d: the statement does not parse", t.Line(root))
	}
	if t.Enclosing(root, pysyntax.Interpolation) != pysyntax.Nil {
		s.Width = 0 // before Python 3.12 an f-string may not hold a line end
	}
	existing := pysyntax.Nil
	var lists []pysyntax.Node
	for _, link := range links {
		if link.Name == "options" {
			existing = link.Call
			lists = append(lists, t.Child(link.Call, pysyntax.FieldArguments))
		}
	}
	options = missing(t, options, lists...)
	if len(options) == 0 {
		return nil, nil
	}
	if existing != pysyntax.Nil {
		arguments, err := argumentsOf(t, existing)
		if err != nil {
			return nil, err
		}
		return arguments.insert(len(arguments.items), options, s), nil
	}
	return newStatement(t, root, last, links).addOptions(options, s), nil
}

// Deepen makes the edit that appends a link to a loader option: joinedload(A.b) and `.selectinload(B.c)` make
// joinedload(A.b).selectinload(B.c).
func Deepen(t *pysyntax.Tree, option pysyntax.Node, suffix string) []edits.Edit {
	for t.Kind(option) == pysyntax.ParenthesizedExpression && t.First(option) != pysyntax.Nil {
		option = t.First(option)
	}
	if !strings.HasPrefix(suffix, ".") {
		suffix = "." + suffix
	}
	if dot := leadingDot(t, option); dot >= 0 {
		return []edits.Edit{linkLine(t.Source(), t.End(option), dot, suffix, newlineOf(t.Source()))}
	}
	return []edits.Edit{{Start: t.End(option), End: t.End(option), New: suffix}}
}

// DeepenWithin is Deepen, but wraps the line as black does where it gets longer than s.Width. Inside are edits of the option.
func DeepenWithin(t *pysyntax.Tree, option pysyntax.Node, suffix string, s Style, inside ...edits.Edit) []edits.Edit {
	list := Deepen(t, option, suffix)
	around := t.Parent(option)
	for t.Kind(around) == pysyntax.KeywordArgument {
		around = t.Parent(around)
	}
	q, ok := sequenceOf(t, around)
	fits := len(list) == 1 && list[0].Start == t.End(option)
	list = append(inside, list...)
	if !fits || !ok || !t.Is(around, pysyntax.ArgumentList, pysyntax.List, pysyntax.Tuple) {
		return list
	}
	q.changed = list
	return q.insert(len(q.items), nil, s.complete(t))
}

// linkLine puts a link on its own line behind a call that ends at end, aligned with the link whose dot is given.
func linkLine(source []byte, end, dot int, link, newline string) edits.Edit {
	line := newline + indentation(source, dot) + link
	if continued(source, dot) {
		return edits.Edit{Start: end, End: end, New: ` \` + line}
	}
	if behind := lineEnd(source, end); isQuiet(source[end:behind]) {
		end = behind
	}
	return edits.Edit{Start: end, End: end, New: line}
}

func join(texts []string) string { return strings.Join(texts, ", ") }

// shortened is text on one line, cut for a message.
func shortened(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return text
}
