package pyedit

import (
	"strings"
	"testing"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

func TestAddOptions(t *testing.T) {
	runArchive(t, "options.txtar", func(t *testing.T, tree *pysyntax.Tree, arguments string) ([]edits.Edit, error) {
		return AddOptions(tree, callOf(t, tree, "select", "query"), strings.Split(arguments, ";"), StyleOf(tree, 60))
	})
}

func TestChain(t *testing.T) {
	tree := parse(t, "x = (select(A).where(b)).options(c).subquery().where(d)\n")
	outermost, links := Chain(tree, callOf(t, tree, "select"))
	if got := tree.Text(outermost); got != "(select(A).where(b)).options(c)" {
		t.Errorf("outermost: %s", got)
	}
	if len(links) != 2 || links[0].Name != "where" || links[1].Name != "options" || links[1].Call != outermost {
		t.Errorf("links: %v", links)
	}
	root := callOf(t, tree, "subquery")
	if outermost, links := Chain(tree, root); len(links) != 1 || links[0].Call != outermost {
		t.Errorf("any call may be the root: %v", links)
	}
	alone := parse(t, "select(A)\n")
	root = callOf(t, alone, "select")
	if outermost, links := Chain(alone, root); outermost != root || len(links) > 0 {
		t.Errorf("no links: %v", links)
	}
}

func TestDeepen(t *testing.T) {
	var results []string
	for _, c := range [][3]string{
		{"x = joinedload(A.b)\n", ".selectinload(B.c)", "x = joinedload(A.b).selectinload(B.c)\n"},
		{"x = joinedload(A.b)\n", "selectinload(B.c)", "x = joinedload(A.b).selectinload(B.c)\n"},
		{"x = y(joinedload(\n    A.b\n),)\n", ".selectinload(B.c)", "x = y(joinedload(\n    A.b\n).selectinload(B.c),)\n"},
		{
			"x = y(\n    # a\n    joinedload(A.b)\n    .joinedload(B.c),  # c\n)\n", ".selectinload(C.d)",
			"x = y(\n    # a\n    joinedload(A.b)\n    .joinedload(B.c)\n    .selectinload(C.d),  # c\n)\n",
		},
		{
			"x = y(\r\n    joinedload(A.b)\r\n    .joinedload(B.c)  # c\r\n)\r\n", ".selectinload(C.d)",
			"x = y(\r\n    joinedload(A.b)\r\n    .joinedload(B.c)  # c\r\n    .selectinload(C.d)\r\n)\r\n",
		},
	} {
		got, err := apply(t, c[0], "", func(t *testing.T, tree *pysyntax.Tree, _ string) ([]edits.Edit, error) {
			option := callOf(t, tree, "joinedload")
			for {
				link, ok := linkOn(tree, option)
				if !ok {
					return Deepen(tree, option, c[1]), nil
				}
				option = link.Call
			}
		})
		if err != nil || got != c[2] {
			t.Errorf("error %v, got\n%s\nwant\n%s", err, got, c[2])
		}
		results = append(results, got)
	}
	compile(t, results)
}

func TestDeepenWithin(t *testing.T) {
	for _, c := range [][2]string{
		{"x = select(A).options(joinedload(A.b))\n", "x = select(A).options(joinedload(A.b).selectinload(B.c))\n"},
		{
			"statement = select(A).options(joinedload(A.b))\n",
			"statement = select(A).options(\n    joinedload(A.b).selectinload(B.c)\n)\n",
		},
		{
			"x = await session.get(A, 1, options=[joinedload(A.b), d])\n",
			"x = await session.get(\n    A, 1, options=[joinedload(A.b).selectinload(B.c), d]\n)\n",
		},
		{
			"x = f(\n    joinedload(A.b),\n    other,\n)\n",
			"x = f(\n    joinedload(A.b).selectinload(B.c),\n    other,\n)\n",
		},
	} {
		got, err := apply(t, c[0], "", func(t *testing.T, tree *pysyntax.Tree, _ string) ([]edits.Edit, error) {
			return DeepenWithin(tree, callOf(t, tree, "joinedload"), ".selectinload(B.c)", StyleOf(tree, 60)), nil
		})
		if err != nil || got != c[1] {
			t.Errorf("error %v, got\n%s\nwant\n%s", err, got, c[1])
		}
	}
}

// Deepen goes first where both insert behind the same option.
func TestDeepenThenAddOptions(t *testing.T) {
	const source = "x = select(A).options(joinedload(A.b))\n"
	got, err := apply(t, source, "", func(t *testing.T, tree *pysyntax.Tree, _ string) ([]edits.Edit, error) {
		list := Deepen(tree, callOf(t, tree, "joinedload"), ".selectinload(B.c)")
		more, err := AddOptions(tree, callOf(t, tree, "select"), []string{"selectinload(A.d)"}, StyleOf(tree, 0))
		return append(list, more...), err
	})
	const want = "x = select(A).options(joinedload(A.b).selectinload(B.c), selectinload(A.d))\n"
	if err != nil || got != want {
		t.Errorf("error %v, got\n%s", err, got)
	}
}
