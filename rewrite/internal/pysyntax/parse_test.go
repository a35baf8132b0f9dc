package pysyntax

import (
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/smacker/go-tree-sitter/python"
)

// The kinds and fields are those of the grammar: none is misspelt, none is numbered otherwise.
func TestGrammarNames(t *testing.T) {
	seen := map[Kind]bool{}
	for _, k := range symbolKinds {
		seen[k] = true
	}
	named := map[Kind]bool{}
	for name, k := range kindNames {
		if !seen[k] && k != Error {
			t.Errorf("the grammar has no node %q", name)
		}
		if named[k] {
			t.Errorf("two names for the kind of %q", name)
		}
		named[k] = true
	}
	for k := Error; k < kindCount; k++ {
		if !named[k] {
			t.Errorf("kind %d, behind %v, has no name", k, k-1)
		}
	}
	for i := 1; i < len(fieldNames); i++ {
		if got := python.GetLanguage().FieldName(i); got != fieldNames[i] {
			t.Errorf("field %d is %q, not %q", i, got, fieldNames[i])
		}
	}
	if got := python.GetLanguage().FieldName(len(fieldNames)); got != "" {
		t.Errorf("the grammar has a further field %q", got)
	}
	if len(fieldNames) != int(FieldValue)+1 {
		t.Errorf("%d field names, %d fields", len(fieldNames), FieldValue+1)
	}
}

// A tree-sitter tree crashes under concurrent readers, and when its parser is gone. Ours may do neither (run with -race).
func TestTreeIsShared(t *testing.T) {
	parser := NewParser()
	tree, err := parser.Parse([]byte(strings.Repeat("x = f(a, [b, c], d=lambda: {1: 2})  # c\n", 500)))
	if err != nil {
		t.Fatal(err)
	}
	parser.Close()
	parser = nil
	runtime.GC()
	want := dump(tree, tree.Root())
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if got := dump(tree, tree.Root()); got != want {
				t.Error("another tree")
			}
		})
	}
	wg.Wait()
}

func TestParserSurvivesClose(t *testing.T) {
	parser := NewParser()
	for range 3 {
		tree, err := parser.Parse([]byte("x = 1\n"))
		if err != nil || tree.Len() != 5 {
			t.Fatalf("error %v, %d nodes", err, tree.Len())
		}
		parser.Close()
		parser.Close()
	}
}

// The scanner is quadratic in dedented comments. A parse that was stopped must not go on with the next file.
func TestTooSlow(t *testing.T) {
	slow := []byte("if x:\n    y\n" + strings.Repeat("# c\n", 5000) + "z\n")
	parser := NewParser()
	defer parser.Close()
	parser.limit = func(int) int { return 1 }
	if _, err := parser.Parse(slow); !errors.Is(err, ErrTooSlow) {
		t.Fatalf("got %v, want ErrTooSlow", err)
	}
	parser.limit = limitOf
	tree, err := parser.Parse([]byte("x = 1\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := dump(tree, 0), dump(parse(t, "x = 1\n"), 0); got != want {
		t.Errorf("the parser did not start anew:\n%s", got)
	}
}

func TestTooLarge(t *testing.T) {
	parser := NewParser()
	defer parser.Close()
	if _, err := parser.Parse(make([]byte, MaxSize+1)); !errors.Is(err, ErrTooLarge) {
		t.Fatalf("got %v, want ErrTooLarge", err)
	}
}

// No recursion of ours or of the parser follows the depth of the source.
func TestDeepNesting(t *testing.T) {
	const depth = 1_000_000
	parser := NewParser()
	defer parser.Close()
	parser.limit = func(int) int { return 600_000_000 } // a slow machine, under the race detector, is not what is tested
	tree, err := parser.Parse([]byte(strings.Repeat("(", depth) + "x" + strings.Repeat(")", depth) + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	if tree.Len() < depth || tree.Depth() < depth {
		t.Fatalf("%d nodes, %d deep", tree.Len(), tree.Depth())
	}
	if flat := parse(t, "x = 1\ny = [2]\n"); flat.Depth() != 5 { // module, statement, assignment, list, integer
		t.Errorf("a flat file is %d deep", flat.Depth())
	}
	deepest := Node(0)
	for n := range tree.Within(tree.Root()) {
		deepest = max(deepest, n)
	}
	if got := tree.Enclosing(deepest, Module); got != tree.Root() {
		t.Errorf("the innermost node is in %d", got)
	}
	checkTree(t, tree)
}

func TestHasError(t *testing.T) {
	for _, c := range []struct {
		source      string
		bad, silent bool // silent: no error node shows it
	}{
		{"", false, false},
		{"x = 1", false, false},
		{"x = (1\n", true, false},
		{"def f(:\n    pass\n", true, false},
		{"import from \"a\"\n", true, true},     // an invented line end
		{"x = 1\ry = 2\r", true, false},         // a lone CR ends no line
		{"print 1\n", false, false},             // Python 2 parses
		{"f(a=1, b)\n", false, false},           // so do a positional behind a keyword
		{"f(a=1, a=2)\n", false, false},         // and a repeated keyword
		{"if x:\n  y\n    z\n", false, false},   // and bad indentation
		{"type(x).attr = 1\n", false, false},    // which becomes a type alias
		{"def f[T](x: T): ...\n", false, false}, // Python 3.12
	} {
		tree := parse(t, c.source)
		if got := tree.HasError(tree.Root()); got != c.bad {
			t.Errorf("%q: HasError %v", c.source, got)
		}
		if got := tree.FirstError() != Nil; got != (c.bad && !c.silent) {
			t.Errorf("%q: FirstError %v", c.source, tree.FirstError())
		}
	}
	tree := parse(t, "def f():\n    x = 1\n\ndef g():\n    y = (\n")
	if f := find(t, tree, Identifier, "f"); tree.HasError(tree.Parent(f)) {
		t.Errorf("the error is not in f:\n%s", dump(tree, 0))
	}
}

// What the grammar reads otherwise than one thinks; code that relies on spans must know.
func TestKnownOddities(t *testing.T) {
	tree := parse(t, "type(x).attr = v\n")
	find(t, tree, TypeAliasStatement, "type(x).attr = v")
	tree = parse(t, "x: Mapped[A]\ny = Mapped[A]\n")
	find(t, tree, GenericType, "Mapped[A]")
	find(t, tree, Subscript, "Mapped[A]")
	tree = parse(t, "class A:\r    def f(self): pass\r    def g(self): pass\r")
	if tree.LineCount() != 1 || !tree.HasError(tree.Root()) {
		t.Errorf("a lone CR ends a line: %d lines", tree.LineCount())
	}
}

func BenchmarkParse(b *testing.B) {
	source := []byte(strings.Repeat(`
class Order(Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    items: Mapped[list["Item"]] = relationship(back_populates="order", cascade="all, delete-orphan")  # all

    async def total(self, session: AsyncSession) -> int:
        rows = await session.scalars(select(Item).where(Item.order_id == self.id).order_by(Item.id))
        return sum(item.price * item.count for item in rows if item.price is not None)
`, 50))
	parser := NewParser()
	defer parser.Close()
	b.SetBytes(int64(len(source)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parser.Parse(source); err != nil {
			b.Fatal(err)
		}
	}
}
