package pyedit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Positional is the positional arguments of a call, `*args` left out. A lone generator counts as one. Behind a `*args`
// the index of an argument says nothing; see Splats.
func Positional(t *pysyntax.Tree, call pysyntax.Node) []pysyntax.Node {
	arguments := t.Child(call, pysyntax.FieldArguments)
	if t.Kind(arguments) == pysyntax.GeneratorExpression {
		return []pysyntax.Node{arguments}
	}
	var out []pysyntax.Node
	for n := range t.Children(arguments) {
		if !t.Is(n, pysyntax.KeywordArgument, pysyntax.ListSplat, pysyntax.ParenthesizedListSplat, pysyntax.DictionarySplat) {
			out = append(out, n)
		}
	}
	return out
}

// SetKeyword makes edits that give call the keyword argument name=value; value is Python source. A keyword that is
// there gets the new value; none is needed when it has it. A new one becomes the last argument, before a `**kwargs` at
// the end. A one-line call is wrapped as black does when its line gets longer than s.Width, 0 for never.
//
// It is an error when the call did not parse, or when its only argument is a bare generator.
func SetKeyword(t *pysyntax.Tree, call pysyntax.Node, name, value string, s Style) ([]edits.Edit, error) {
	if old := t.Keyword(call, name); old != pysyntax.Nil {
		if t.HasError(old) {
			return nil, fmt.Errorf("line %d: the value of %s= does not parse", t.Line(old), name)
		}
		if t.Text(old) == value {
			return nil, nil
		}
		return ChangeArguments(t, call, []edits.Edit{{Start: t.Start(old), End: t.End(old), New: value}}, "", s)
	}
	return ChangeArguments(t, call, nil, name+"="+value, s)
}

// ChangeArguments makes edits that add a keyword argument (`lazy="raise"`; none for "") to a call some of whose
// arguments change: changes are edits inside of arguments, in ascending order. The line is wrapped as both need it.
func ChangeArguments(t *pysyntax.Tree, call pysyntax.Node, changes []edits.Edit, keyword string, s Style) ([]edits.Edit, error) {
	arguments, err := argumentsOf(t, call)
	if err != nil {
		return nil, err
	}
	arguments.changed = changes
	if keyword == "" {
		return arguments.insert(len(arguments.items), nil, s.complete(t)), nil
	}
	at := len(arguments.items)
	children := slices.Collect(t.Children(t.Child(call, pysyntax.FieldArguments)))
	for at > 0 && t.Kind(children[at-1]) == pysyntax.DictionarySplat {
		at--
	}
	return arguments.insert(at, []string{keyword}, s.complete(t)), nil
}

// argumentsOf is the argument list of a call that more can be added to.
func argumentsOf(t *pysyntax.Tree, call pysyntax.Node) (sequence, error) {
	arguments := t.Child(call, pysyntax.FieldArguments)
	switch {
	case t.Kind(call) != pysyntax.Call || arguments == pysyntax.Nil:
		return sequence{}, fmt.Errorf("line %d: %v is no call", t.Line(call), t.Kind(call))
	case t.HasError(arguments):
		return sequence{}, fmt.Errorf("line %d: the arguments of the call do not parse", t.Line(call))
	case t.Kind(arguments) == pysyntax.GeneratorExpression:
		return sequence{}, fmt.Errorf("line %d: the only argument of the call is a generator without brackets of its own; no argument can follow it", t.Line(call))
	}
	q, ok := sequenceOf(t, arguments)
	if !ok {
		return sequence{}, fmt.Errorf("line %d: the call has no argument list", t.Line(call))
	}
	return q, nil
}

// AddToListKeyword makes edits that add elements to the list of a keyword argument, or give the call that argument:
// session.get(A, 1) becomes session.get(A, 1, options=[selectinload(A.b)]). Elements that stand there in the same
// words are left out. A value of None is replaced; any other that is no list, tuple or set display is an error.
func AddToListKeyword(t *pysyntax.Tree, call pysyntax.Node, name string, elements []string, s Style) ([]edits.Edit, error) {
	value := t.Keyword(call, name)
	if value != pysyntax.Nil && t.Kind(value) != pysyntax.None {
		return AddToList(t, value, elements, s)
	}
	if len(elements) == 0 {
		return nil, nil
	}
	return SetKeyword(t, call, name, "["+join(elements)+"]", s)
}

// AddToList makes edits that append elements to a list, tuple or set display. Elements that stand there in the same
// words are left out.
func AddToList(t *pysyntax.Tree, display pysyntax.Node, elements []string, s Style) ([]edits.Edit, error) {
	for t.Kind(display) == pysyntax.ParenthesizedExpression && t.First(display) != pysyntax.Nil {
		display = t.First(display)
	}
	q, ok := sequenceOf(t, display)
	if !ok || !t.Is(display, pysyntax.List, pysyntax.Tuple, pysyntax.Set) || t.HasError(display) {
		return nil, fmt.Errorf("line %d: expected a list to add %s to, found `%s`", t.Line(display), join(elements), shortened(t.Text(display)))
	}
	elements = missing(t, elements, display)
	if t.Kind(display) == pysyntax.Tuple && len(q.items) == 0 && len(elements) == 1 {
		return []edits.Edit{{Start: q.open, End: q.open, New: elements[0] + ","}}, nil
	}
	return q.insert(len(q.items), elements, s.complete(t)), nil
}

// missing is what of texts no child of the lists says in the same words, however they are wrapped; each once.
func missing(t *pysyntax.Tree, texts []string, lists ...pysyntax.Node) []string {
	var out []string
	for _, text := range texts {
		there := slices.Contains(out, text)
		for _, list := range lists {
			for n := range t.Children(list) {
				there = there || unwrapped(t.Text(n)) == unwrapped(text)
			}
		}
		if !there {
			out = append(out, text)
		}
	}
	return out
}

// unwrapped is text without its white space, so that a folded option is the one that was folded.
func unwrapped(text string) string { return strings.Join(strings.Fields(text), "") }
