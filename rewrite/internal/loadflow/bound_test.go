package loadflow

import (
	"fmt"
	"strings"
	"testing"
)

// TestOverBounds holds that what is over a bound is reported: each read of a generated program has its query, or is named as one
// that is not seen.
func TestOverBounds(t *testing.T) {
	models := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "class M%d(Base):\n    __tablename__ = 'm%d'\n    book: Mapped['Book'] = relationship()\n\n", i, i)
		}
		return b.String()
	}
	repositories := func(n int) string {
		var b strings.Builder
		b.WriteString(models(n) + `
class Repository:
    model = None

    async def get(self, session):
        return await session.scalar(select(self.model))

`)
		for i := range n {
			fmt.Fprintf(&b, "class R%d(Repository):\n    model = M%d\n\nasync def g%d(session):\n    x = await R%d().get(session)\n    return x.book\n\n", i, i, i, i)
		}
		return b.String()
	}
	fetches := func(n int) string {
		var b strings.Builder
		b.WriteString(models(n) + "\nasync def fetch(session, model):\n    return await session.scalar(select(model))\n\n")
		for i := range n {
			fmt.Fprintf(&b, "async def g%d(session):\n    x = await fetch(session, M%d)\n    return x.book\n\n", i, i)
		}
		return b.String()
	}
	branches := func(n int) string {
		var b strings.Builder
		b.WriteString("async def choose(session, k):\n    a = None\n")
		for i := range n {
			fmt.Fprintf(&b, "    if k == %d:\n        a = await session.get(Author, %d)\n", i, i)
		}
		b.WriteString("    return a.books\n")
		return b.String()
	}
	setters := func(n int) string {
		var b strings.Builder
		b.WriteString("class Holder:\n    pass\n\nholder = Holder()\n\n")
		for i := range n {
			fmt.Fprintf(&b, "async def s%d(session):\n    holder.author = await session.get(Author, %d)\n\n", i, i)
		}
		b.WriteString("def books():\n    return holder.author.books\n")
		return b.String()
	}
	written := func(n int) string { // what a run on branches(n) writes
		return strings.Replace(branches(n), ")\n", ", options=[selectinload(Author.books)])\n", maxObjects)
	}
	table := func(n int, function, call string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, function, i)
		}
		b.WriteString("TABLE = {\n")
		for i := range n {
			fmt.Fprintf(&b, "    'k%d': f%d,\n", i, i)
		}
		return b.String() + "}\n\nasync def run(session, key):\n" + call
	}
	decorated := func(decorators string) string {
		var b strings.Builder
		b.WriteString(`
from functools import wraps

def plain(f):
    @wraps(f)
    async def wrapper(*args, **kwargs):
        return await f(*args, **kwargs)
    return wrapper

def times(n):
    def outer(f):
        async def wrapper(session, *args):
            for _ in range(n):
                return await f(session, *args)
        return wrapper
    return outer

`)
		for i := range maxContexts + maxAtoms + 20 {
			fmt.Fprintf(&b, "%sasync def f%d(session, author: Author):\n    return author.name if %d else author.books\n\n", decorators, i, i)
		}
		return b.String() + "async def run(session):\n    return await f300(session, await session.get(Author, 1))\n"
	}
	// classes are n, of which the one at the place of reads reads the books of what it is given.
	classes := func(n, reads int, list string) string {
		var b, all strings.Builder
		for i := range n {
			read := "name"
			if i == reads {
				read = "books"
			}
			fmt.Fprintf(&b, "class C%d:\n    def of(self, author):\n        return author.%s\n\n", i, read)
			fmt.Fprintf(&all, list, i)
		}
		return b.String() + "ALL = [\n" + all.String() + "]\n\nasync def run(session):\n    author = await session.get(Author, 1)\n"
	}
	for _, c := range []struct {
		name, app    string
		found, blind int
	}{
		{"queries of one name, loaded by the run before", written(maxObjects + 20), 0, 1},
		{
			"functions of one dictionary", table(maxAtoms+1, "async def f%d(session):\n    return await session.get(Author, 1)\n\n",
				"    a = await TABLE[key](session)\n    return a.books\n"), maxAtoms, 1,
		},
		{
			"functions of one dictionary, given an object", table(maxAtoms+1, "def f%d(author):\n    return author.books\n\n",
				"    return TABLE[key](await session.get(Author, 1))\n"), 1, 1,
		},
		{"a list of as many classes as a value holds", classes(maxAtoms, 3, "    C%d,\n") + "    return [c().of(author) for c in ALL]\n", 1, 0},
		{"classes of one list", classes(3*maxAtoms, 3*maxAtoms-3, "    C%d,\n") + "    return [c().of(author) for c in ALL]\n", 0, 1},
		{"instances of one list", classes(3*maxAtoms, 3*maxAtoms-3, "    C%d(),\n") + "    return [c.of(author) for c in ALL]\n", 0, 1},
		{"instances of one list, given no object", classes(3*maxAtoms, -1, "    C%d(),\n") + "    return [c.of(author.name) for c in ALL]\n", 0, 0},
		{
			"functions that instances of one class hold", "class Column:\n    def __init__(self, read):\n        self.read = read\n\n    def of(self, author):\n        return self.read(author)\n\n" +
				classes(3*maxAtoms, 3*maxAtoms-3, "    Column(C%d().of),\n") + "    return [c.of(author) for c in ALL]\n", 0, 1,
		},
		{"subclasses of one repository", repositories(maxContexts + 40), maxContexts + 40, 0},
		{"more subclasses than are told apart", repositories(maxReceivers), maxReceivers - 1, 1},
		{"models given to one function", fetches(maxContexts + 1), maxContexts + 1, 0},
		{"functions of one decorator", decorated("@plain\n"), 1, 0},
		{"functions of one decorator that is made", decorated("@times(3)\n"), 1, 0},
		{"functions of two decorators", decorated("@times(3)\n@plain\n"), 1, 0},
		{"queries of one name", branches(maxAtoms + 1), maxAtoms + 1, 0},
		{"more queries than a value holds", setters(maxObjects + 1), maxObjects, 1},
		{"setters of one attribute", setters(maxAtoms + 1), maxAtoms + 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := parse(t, map[string]string{"models.py": flowModels, "app.py": `
from sqlalchemy import select
from sqlalchemy.orm import Mapped, relationship, selectinload
from models import Author, Base, Book

` + c.app})
			f, err := Analyze(t.Context(), p.graph, p.index, Settings{Jobs: 2})
			if err != nil {
				t.Fatal(err)
			}
			if !f.Settled {
				t.Error("not settled")
			}
			if len(f.Demands) != c.found || len(f.Blind) < c.blind || c.blind == 0 && len(f.Blind) > 0 {
				t.Errorf("%d demands and %d places not seen, not %d and %d", len(f.Demands), len(f.Blind), c.found, c.blind)
			}
		})
	}
}
