package pysyntax

import (
	"iter"
	"sort"
	"unsafe"
)

// Node names a node of one Tree: its index in pre-order.
type Node int32

// Nil is no node. Every accessor takes it and answers zero, Nil or nothing.
const Nil Node = -1

// Tree is the immutable tree of one file. All offsets are bytes of Source.
type Tree struct {
	source []byte
	nodes  []record
	lines  []int // the offset at which each line starts
	depth  int
	place  func(offset int) (line, column int)
}

// Placed is the tree with other places for people: its source was made from another file, where place finds an offset
// again. Line and Column answer by it; offsets, LineAt and LineStart stay those of Source.
func (t *Tree) Placed(place func(offset int) (line, column int)) *Tree {
	placed := *t
	placed.place = place
	return &placed
}

// Source is what was parsed. The caller may not change it.
func (t *Tree) Source() []byte { return t.source }

// Root is the module.
func (t *Tree) Root() Node { return 0 }

// Len is the number of nodes; nodes are 0 to Len-1 in pre-order.
func (t *Tree) Len() int { return len(t.nodes) }

// Depth is the number of nodes on the longest way from the root down. Who follows a tree by recursion looks at it first:
// the parser takes any.
func (t *Tree) Depth() int { return t.depth }

// Kind is the kind of n, Other for Nil.
func (t *Tree) Kind(n Node) Kind {
	if n < 0 {
		return Other
	}
	return t.nodes[n].kind
}

// Is reports whether n is of one of the kinds.
func (t *Tree) Is(n Node, kinds ...Kind) bool {
	k := t.Kind(n)
	for _, want := range kinds {
		if k == want {
			return n >= 0
		}
	}
	return false
}

// Field is the role of n in its parent.
func (t *Tree) Field(n Node) Field {
	if n < 0 {
		return NoField
	}
	return t.nodes[n].field
}

// Start is the offset of the first byte of n.
func (t *Tree) Start(n Node) int {
	if n < 0 {
		return 0
	}
	return int(t.nodes[n].start)
}

// End is the offset behind the last byte of n.
func (t *Tree) End(n Node) int {
	if n < 0 {
		return 0
	}
	return int(t.nodes[n].end)
}

// Text is the source of n. It shares the memory of Source, which nobody changes: a copy for each name that is asked for
// was a tenth of all allocations.
func (t *Tree) Text(n Node) string {
	if n < 0 {
		return ""
	}
	text := t.source[t.nodes[n].start:t.nodes[n].end]
	return unsafe.String(unsafe.SliceData(text), len(text))
}

// Parent is the node around n, Nil for the root.
func (t *Tree) Parent(n Node) Node {
	if n < 0 {
		return Nil
	}
	return Node(t.nodes[n].parent)
}

// SubtreeEnd is the first node behind n and all that n holds.
func (t *Tree) SubtreeEnd(n Node) Node {
	if n < 0 {
		return Nil
	}
	return Node(t.nodes[n].subtreeEnd)
}

// Contains reports whether inner is n or stands below it.
func (t *Tree) Contains(n, inner Node) bool {
	return n >= 0 && inner >= n && inner < Node(t.nodes[n].subtreeEnd)
}

// Children yields the children of n, comments and line continuations left out.
func (t *Tree) Children(n Node) iter.Seq[Node] {
	return func(yield func(Node) bool) {
		if n < 0 {
			return
		}
		for c := n + 1; c < Node(t.nodes[n].subtreeEnd); c = Node(t.nodes[c].subtreeEnd) {
			if k := t.nodes[c].kind; k == Comment || k == LineContinuation {
				continue
			}
			if !yield(c) {
				return
			}
		}
	}
}

// ChildrenWithComments yields every child of n.
func (t *Tree) ChildrenWithComments(n Node) iter.Seq[Node] {
	return func(yield func(Node) bool) {
		if n < 0 {
			return
		}
		for c := n + 1; c < Node(t.nodes[n].subtreeEnd); c = Node(t.nodes[c].subtreeEnd) {
			if !yield(c) {
				return
			}
		}
	}
}

// Child is the first child of n in the role f, Nil if there is none.
func (t *Tree) Child(n Node, f Field) Node {
	for c := range t.Children(n) {
		if t.nodes[c].field == f {
			return c
		}
	}
	return Nil
}

// First is the first child of n, comments left out.
func (t *Tree) First(n Node) Node {
	for c := range t.Children(n) {
		return c
	}
	return Nil
}

// Last is the last child of n, comments left out.
func (t *Tree) Last(n Node) Node {
	last := Nil
	for c := range t.Children(n) {
		last = c
	}
	return last
}

// Nth is the i-th child of n from 0, comments left out.
func (t *Tree) Nth(n Node, i int) Node {
	for c := range t.Children(n) {
		if i == 0 {
			return c
		}
		i--
	}
	return Nil
}

// ArgumentValue is the expression of an argument, by position or by name.
func (t *Tree) ArgumentValue(argument Node) Node {
	if t.Kind(argument) == KeywordArgument {
		return t.Child(argument, FieldValue)
	}
	return argument
}

// Callee is what a call calls, and any other node itself: a decorator with or without arguments.
func (t *Tree) Callee(n Node) Node {
	if t.Kind(n) == Call {
		return t.Child(n, FieldFunction)
	}
	return n
}

// Keyword is the value of a keyword argument of a call, Nil when the call does not spell it. A `**` argument may give it
// all the same.
func (t *Tree) Keyword(call Node, name string) Node {
	for n := range t.Children(t.Child(call, FieldArguments)) {
		if t.Kind(n) == KeywordArgument && t.Text(t.Child(n, FieldName)) == name {
			return t.Child(n, FieldValue)
		}
	}
	return Nil
}

// Within yields n and everything below it in pre-order, comments included.
func (t *Tree) Within(n Node) iter.Seq[Node] {
	return func(yield func(Node) bool) {
		if n < 0 {
			return
		}
		for c := n; c < Node(t.nodes[n].subtreeEnd); c++ {
			if !yield(c) {
				return
			}
		}
	}
}

// Names reports whether an identifier of that name stands within n.
func (t *Tree) Names(n Node, name string) bool {
	for c := range t.Within(n) {
		if t.Kind(c) == Identifier && t.Text(c) == name {
			return true
		}
	}
	return false
}

// Spells reports whether a name, or a string of nothing else, stands within n: yield_per=10, {"yield_per": 10}.
func (t *Tree) Spells(n Node, word string) bool {
	for c := range t.Within(n) {
		if t.Is(c, Identifier, StringContent) && t.Text(c) == word {
			return true
		}
	}
	return false
}

// Calls reports whether a call of that name stands within n, of a function or of a method of whatever.
func (t *Tree) Calls(n Node, name string) bool {
	for c := range t.Within(n) {
		if fn := t.Child(c, FieldFunction); t.Kind(c) == Call && (t.Text(fn) == name || t.Text(t.Child(fn, FieldAttribute)) == name) {
			return true
		}
	}
	return false
}

// Enclosing is the nearest node around n (not n itself) of one of the kinds, Nil if there is none.
func (t *Tree) Enclosing(n Node, kinds ...Kind) Node {
	for p := t.Parent(n); p >= 0; p = t.Parent(p) {
		if t.Is(p, kinds...) {
			return p
		}
	}
	return Nil
}

// Line is the 1-based line on which n starts.
func (t *Tree) Line(n Node) int {
	if t.place != nil {
		line, _ := t.place(t.Start(n))
		return line
	}
	return t.LineAt(t.Start(n))
}

// LineAt is the 1-based line of an offset.
func (t *Tree) LineAt(offset int) int {
	return sort.Search(len(t.lines), func(i int) bool { return t.lines[i] > offset })
}

// LineStart is the offset at which a 1-based line starts.
func (t *Tree) LineStart(line int) int { return t.lines[line-1] }

// LineCount is the number of lines; the empty one behind a final newline counts.
func (t *Tree) LineCount() int { return len(t.lines) }

// Column is the 1-based column of n in bytes.
func (t *Tree) Column(n Node) int {
	if t.place != nil {
		_, column := t.place(t.Start(n))
		return column
	}
	return t.Start(n) - t.lines[t.Line(n)-1] + 1
}

// HasError reports whether the file, or the subtree of n, holds a place that did not parse. A newline that the parser
// had to invent counts, though no error node shows it.
func (t *Tree) HasError(n Node) bool { return n >= 0 && t.nodes[n].flags&flagError != 0 }

// FirstError is the first error or invented node, Nil when all parsed or only an invisible token was invented.
func (t *Tree) FirstError() Node {
	for i := range t.nodes {
		if t.nodes[i].kind == Error || t.nodes[i].flags&flagMissing != 0 {
			return Node(i)
		}
	}
	return Nil
}

// Python2 is the first statement that only Python 2 knows, Nil when there is none: the grammar takes those too. Python 3
// has print >> x, an expression.
func (t *Tree) Python2() Node {
	for i := range t.nodes {
		n := Node(i)
		if t.nodes[i].kind == ExecStatement || t.nodes[i].kind == PrintStatement && t.Kind(t.First(n)) != Chevron {
			return n
		}
	}
	return Nil
}

// depthOf is Tree.Depth of nodes in pre-order.
func depthOf(nodes []record) int {
	var ends []int32 // of the nodes around the one at hand
	deepest := 0
	for i := range nodes {
		for len(ends) > 0 && ends[len(ends)-1] <= int32(i) {
			ends = ends[:len(ends)-1]
		}
		ends = append(ends, nodes[i].subtreeEnd)
		deepest = max(deepest, len(ends))
	}
	return deepest
}

func lineStarts(source []byte) []int {
	lines := []int{0}
	for i, b := range source {
		if b == '\n' {
			lines = append(lines, i+1)
		}
	}
	return lines
}
