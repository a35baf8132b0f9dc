package loadflow

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// treeProgram has n classes of nodes, each of which may stand in each other, functions that build trees of them and a walk
// that replaces what is in them by name. In a leaf stands an object.
func treeProgram(n int) string {
	var b strings.Builder
	b.WriteString(`
from dataclasses import dataclass
from sqlalchemy import select
from models import Author

class Node:
    def replace(self, old, new):
        for name, child in self.fields():
            if isinstance(child, list):
                setattr(self, name, [new if c is old else c for c in child])
            elif isinstance(child, tuple):
                setattr(self, name, (new, child))
            else:
                setattr(self, name, new)
        return self

    def fields(self):
        return [(name, getattr(self, name)) for name in ("left", "right", "children")]

@dataclass
class Leaf(Node):
    author: "Author" = None
    left: "Node" = None

async def leaf(session, key):
    return Leaf(author=await session.scalar(select(Author).where(Author.id == key)), left=wrap(None, None))

def names(leaf):
    return [book.name for book in leaf.author.books]

`)
	for i := range n {
		fmt.Fprintf(&b, `
@dataclass
class N%[1]d(Node):
    left: "Node" = None
    right: "Node" = None
    children: "list[Node]" = None

def wrap%[1]d(node, other):
    if other:
        return N%[1]d(left=node, children=[wrap(node, other), node])
    if node:
        return N%[1]d(left=wrap(other, node), right=(node, other))
    return node.replace(other, N%[1]d(left=node, right=wrap(node, other)))

async def build%[1]d(session):
    x = await leaf(session, %[1]d)
    names(x)
    return wrap%[1]d(x, wrap(await leaf(session, %[1]d), x))
`, i)
	}
	b.WriteString("\ndef wrap(node, other):\n")
	for i := range n {
		fmt.Fprintf(&b, "    if node.kind == %[1]d:\n        return wrap%[1]d(node, other)\n", i)
	}
	return b.String()
}

// TestTreesDoNotGrow: what is made of one class of nodes, and how often its functions are run, is bounded, however many other
// classes of nodes there are.
func TestTreesDoNotGrow(t *testing.T) {
	const maxMade, maxRun = 40, 25 // for each class; where trees are told apart it is hundreds
	for _, n := range []int{5, 20} {
		p := parse(t, map[string]string{"models.py": flowModels, "app.py": treeProgram(n)})
		a := newAnalysis(p.graph, p.index, Settings{})
		settled, err := a.solve(t.Context(), 2, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !settled {
			t.Errorf("%d classes: not settled", n)
		}
		atoms, runs := 0, 0
		for i := range a.t.atoms.shards {
			atoms += len(a.t.atoms.shards[i].of)
		}
		for _, u := range a.list {
			runs += u.runs
		}
		if atoms > maxMade*n || runs > maxRun*n {
			t.Errorf("%d atoms and %d runs for %d classes, more than %d and %d for each", atoms, runs, n, maxMade, maxRun)
		}
	}
}

// TestReadInTree: what is read through nodes that are not told apart is still asked of its query.
func TestReadInTree(t *testing.T) {
	p := parse(t, map[string]string{"models.py": flowModels, "app.py": treeProgram(3) + `
async def report(session):
    author = await session.scalar(select(Author))
    tree = N0(left=N1(left=N0(left=Leaf(author=author), children=[N1(left=Leaf(author=author))])))
    again = N1(children=[tree])
    return [node.left.left.left.author.books for node in again.children]
`})
	f, err := Analyze(t.Context(), p.graph, p.index, Settings{Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	got := show(f)
	if strings.Count(got, "Author.books, 0 loaded") != 2 {
		t.Errorf("not both queries load their books:\n%s", got)
	}
}

// TestNodeNesting: containers of nodes are no deeper in each other than their bound, unless objects stand there, too.
func TestNodeNesting(t *testing.T) {
	s := newSource(t, 1, false)
	book, node := s.leaves[0], s.leaves[len(s.leaves)-5]
	s.t.nodes.group = map[*pymodule.Class]int{node.class: 1}
	for _, c := range []struct {
		leaf *atom
		want int
	}{{node, maxNodeNesting}, {book, maxNesting}} {
		v := join(one(node), one(c.leaf))
		for range maxNesting {
			v = s.t.tuple([]value{v, one(node)}, nil)
			v = join(v, one(node))
		}
		if got := depthOf(v); got != c.want {
			t.Errorf("containers of %s are %d deep, not %d", c.leaf.id, got, c.want)
		}
		if all := flatten(v); !slices.Contains(all, c.leaf) || !slices.Contains(all, node) {
			t.Errorf("not all leaves are left in %s", v.id())
		}
	}
}

// TestGroups: only what leads to itself is in a group, and that with all that lead to it and back.
func TestGroups(t *testing.T) {
	next := map[string]map[string]bool{
		"select": {"from": true, "row": true}, "from": {"table": true}, "table": {"select": true},
		"page": {"item": true}, "item": {"select": true}, "comment": {"comment": true},
	}
	got := groups(next)
	tree := []string{"select", "from", "table"}
	for name := range next {
		switch {
		case slices.Contains(tree, name) != (got[name] > 0 && got[name] == got["select"]):
			t.Errorf("%s is in group %d, select in %d", name, got[name], got["select"])
		case name != "comment" && !slices.Contains(tree, name) && got[name] > 0:
			t.Errorf("%s is in a group", name)
		}
	}
	if got["comment"] == 0 || got["comment"] == got["select"] {
		t.Errorf("comment is in group %d", got["comment"])
	}
}
