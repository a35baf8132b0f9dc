package rewrite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lazyfix/lazyfix/rewrite"
)

const sessions = "from sqlalchemy.ext.asyncio import async_sessionmaker\n\nsessions = async_sessionmaker()\n"

// nested are the ways to nest, so many times.
var nested = map[string]func(n int) string{
	"lists":        func(n int) string { return "x = " + strings.Repeat("[", n) + strings.Repeat("]", n) },
	"calls":        func(n int) string { return "x = " + strings.Repeat("f(", n) + strings.Repeat(")", n) },
	"parentheses":  func(n int) string { return "x = " + strings.Repeat("(", n) + "1" + strings.Repeat(")", n) },
	"attributes":   func(n int) string { return "x = a" + strings.Repeat(".b", n) },
	"chain":        func(n int) string { return "def f(a):\n    return a" + strings.Repeat(".b()", n) },
	"subscripts":   func(n int) string { return "x: " + strings.Repeat("list[", n) + "int" + strings.Repeat("]", n) },
	"sum":          func(n int) string { return "x = 1" + strings.Repeat(" + 1", n) },
	"not":          func(n int) string { return "x = " + strings.Repeat("not ", n) + "1" },
	"lambdas":      func(n int) string { return "x = " + strings.Repeat("lambda: ", n) + "1" },
	"conditions":   func(n int) string { return "x = " + strings.Repeat("1 if a else ", n) + "2" },
	"awaits":       func(n int) string { return "async def f(x):\n    return " + strings.Repeat("await ", n) + "x" },
	"comparisons":  func(n int) string { return "x = " + strings.Repeat("(1 < ", n) + "2" + strings.Repeat(")", n) },
	"left open":    func(n int) string { return "x = " + strings.Repeat("[", n) },
	"f-strings":    func(n int) string { return "x = " + strings.Repeat("f'{", n) + "1" + strings.Repeat("}'", n) },
	"type aliases": func(n int) string { return "type X = " + strings.Repeat("list[", n) + "int" + strings.Repeat("]", n) },
}

// TestNesting: what follows a file by recursion is bounded by its depth. Just below the bound all is done; far above it
// the file is named and not read, and the one beside it is done.
func TestNesting(t *testing.T) {
	for name, of := range nested {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, test := range []struct {
				times   int
				problem string // beside that it does not parse, which some do not
				changes int
			}{{700, "", 2}, {50_000, "deep.py: is nested deeper than 3000 levels: not read", 1}} {
				dir := t.TempDir()
				if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
					t.Fatal(err)
				}
				write(t, dir, map[string]string{"beside.py": sessions, "deep.py": sessions + of(test.times) + "\n"})
				result := run(t, dir, 2)
				parses := true
				for _, p := range result.Problems {
					parses = parses && !strings.Contains(p.Reason, "does not parse")
				}
				if len(result.Changes) != test.changes && parses {
					t.Errorf("%d times: %d changes, want %d", test.times, len(result.Changes), test.changes)
				}
				if got := problems(result); parses && got != test.problem {
					t.Errorf("%d times: problems %q, want %q", test.times, got, test.problem)
				}
			}
		})
	}
}

// TestNestedTooDeepHoldsWhatItNames: what a file that is not parsed may read by a sync session is not made to raise.
func TestNestedTooDeepHoldsWhatItNames(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	const models = `from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, relationship


class Base(DeclarativeBase):
    pass


class Order(Base):
    items = relationship("Item")


class Item(Base):
    order = relationship("Order")
`
	write(t, dir, map[string]string{"models.py": models, "deep.py": "x = a.items\n" + nested["lists"](5000) + "\n"})
	result := run(t, dir, 2)
	if len(result.Findings) != 2 || !strings.Contains(result.Findings[0].Advice, "deep.py, which was not read") || !result.Findings[1].Fixable {
		t.Errorf("%+v", result.Findings)
	}
}

func problems(result *rewrite.Result) string {
	var all []string
	for _, p := range result.Problems {
		all = append(all, p.Path+": "+p.Reason)
	}
	return strings.Join(all, "\n")
}

// TestRoundsAreBounded: a fixpoint that is cut says so.
func TestRoundsAreBounded(t *testing.T) {
	dir := t.TempDir()
	var b strings.Builder
	b.WriteString("from sqlalchemy import select\nfrom sqlalchemy.orm import DeclarativeBase, Mapped, relationship\n\n\nclass Base(DeclarativeBase):\n    pass\n\n\n" +
		"class A(Base):\n    __tablename__ = \"a\"\n    bs: Mapped[list[\"A\"]] = relationship(lazy=\"raise_on_sql\")\n\n\n")
	const length = 400
	// In circles, whose order is that of the first function to the last; what the first has goes the other way.
	b.WriteString("async def f0(session):\n    if session.x:\n        return await f1(session)\n    return await session.scalar(select(A))\n\n\n")
	for i := 1; i < length; i++ {
		fmt.Fprintf(&b, "async def f%d(session):\n    if session.x:\n        return await f%d(session)\n    return await f%d(session)\n\n\n", i, i+1, i-1)
	}
	fmt.Fprintf(&b, "async def f%d(session):\n    return await f%d(session)\n\n\nasync def read(session):\n    return (await f%d(session)).bs\n", length, length-1, length)
	write(t, dir, map[string]string{"a.py": b.String()})
	result := run(t, dir, 2)
	if got := problems(result); got != ".: the load flow was cut at its bound of work, before it had settled; some reads may be missing: run lazyfix on a part of the tree, or exclude = [\"tests\"]" {
		t.Errorf("problems %q", got)
	}
}

// TestManyModels: a function that runs the statements of a hundred models gives each of them back to its caller.
func TestManyModels(t *testing.T) {
	const n = 100
	var models, app strings.Builder
	models.WriteString("from sqlalchemy.orm import DeclarativeBase, Mapped, relationship\n\n\nclass Base(DeclarativeBase):\n    pass\n" +
		"\n\nclass Owner(Base):\n    __tablename__ = \"owners\"\n")
	app.WriteString("from sqlalchemy import select\n\nimport models\n\n\n" +
		"async def rows(session, query):\n    return (await session.execute(query.limit(10))).all()\n")
	for i := range n {
		fmt.Fprintf(&models, "\n\nclass M%d(Base):\n    __tablename__ = \"m%d\"\n    owner: Mapped[\"Owner\"] = relationship(lazy=\"raise_on_sql\")\n"+
			"\n    def label(self):\n        return self.owner.id\n", i, i)
		fmt.Fprintf(&app, "\n\nasync def list%d(session):\n    return [row.M%d.label() for row in await rows(session, select(models.M%d))]\n", i, i, i)
	}
	dir := t.TempDir()
	write(t, dir, map[string]string{"models.py": models.String(), "app.py": app.String()})
	got := listing(run(t, dir, 2).Findings)
	for i := range n {
		if want := fmt.Sprintf("missing-eager-load loads M%d.owner\n", i); !strings.Contains(got+"\n", want) {
			t.Errorf("nothing %s", want)
		}
	}
}

// TestManyGets: a function that gets a hundred objects, any of which may be any other, knows what it reads of each.
func TestManyGets(t *testing.T) {
	const n = 160
	var app strings.Builder
	app.WriteString("from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship\n\n\nclass Base(DeclarativeBase):\n    pass\n")
	for _, class := range []string{"A", "B", "C"} {
		fmt.Fprintf(&app, "\n\nclass %[1]s(Base):\n    __tablename__ = \"%[1]s\"\n    id: Mapped[int] = mapped_column(primary_key=True)\n", class)
		for _, to := range []string{"A", "B", "C"} {
			fmt.Fprintf(&app, "    to_%[1]s: Mapped[\"%[1]s\"] = relationship(lazy=\"raise_on_sql\")\n", to)
		}
	}
	app.WriteString("\n\nasync def all(session, k):\n")
	for i := range n {
		fmt.Fprintf(&app, "    x%[1]d = await session.get(%[2]c, k[%[1]d])\n    print(x%[1]d.to_A)\n", i, 'A'+i%3)
	}
	dir := t.TempDir()
	write(t, dir, map[string]string{"app.py": app.String()})
	got := listing(run(t, dir, 2).Findings)
	if strings.Contains(got, "not seen here") {
		t.Errorf("what is got is not known:\n%s", got)
	}
	if loads := strings.Count(got, "missing-eager-load"); loads != n {
		t.Errorf("%d of %d gets load", loads, n)
	}
}

// TestConnectedModels: what queries load of models that are all loaded along with each other is followed once each.
func TestConnectedModels(t *testing.T) {
	const n = 14
	var app strings.Builder
	app.WriteString("from sqlalchemy import ForeignKey\nfrom sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship\n\n\nclass Base(DeclarativeBase):\n    pass\n" +
		"\n\nclass Owner(Base):\n    __tablename__ = \"owners\"\n    id: Mapped[int] = mapped_column(primary_key=True)\n")
	for i := range n {
		fmt.Fprintf(&app, "\n\nclass M%[1]d(Base):\n    __tablename__ = \"m%[1]d\"\n    id: Mapped[int] = mapped_column(primary_key=True)\n"+
			"    owner_id: Mapped[int] = mapped_column(ForeignKey(\"owners.id\"))\n    owner: Mapped[\"Owner\"] = relationship(foreign_keys=[owner_id])\n", i)
		for to := range n {
			fmt.Fprintf(&app, "    to_%[1]d_id: Mapped[int] = mapped_column(ForeignKey(\"m%[1]d.id\"))\n"+
				"    to_%[1]d: Mapped[\"M%[1]d\"] = relationship(foreign_keys=[to_%[1]d_id], lazy=\"selectin\")\n", to)
		}
	}
	app.WriteString("\n\nasync def read(session):\n    one = await session.get(M0, 1)\n    other = await session.get(M1, 1)\n    return one.owner.id, other.id\n")
	dir := t.TempDir()
	write(t, dir, map[string]string{"app.py": app.String()})
	result, _ := runWith(t, rewrite.Options{Paths: []string{dir}, Lazy: "noload"})
	got := listing(result.Findings)
	if !strings.Contains(got, `M0.owner gets lazy="raise_on_sql"`) || strings.Count(got, `owner gets lazy="noload"`) != n-1 {
		t.Errorf("of M0.owner, which the second get leaves out, and the others:\n%s", got)
	}
}
