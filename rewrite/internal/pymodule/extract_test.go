package pymodule

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

func TestExtract(t *testing.T) {
	g := link(t, `
-- a.py --
import functools
class Order(Base, Mixin[int], metaclass=Meta, table=True, *more, **options):
    id: int
    name: str = "x"
    a = b = 1
    if True:
        conditional = 2
    try:
        tried = 3
    except E:
        tried = 4
    @property
    def total(self): return 1
    @total.setter
    def total(self, v): ...
    @functools.cache
    async def load(self, a, /, b: int = 1, *rest, c, d=2, **kw) -> "Order": ...
    class Meta: ...
def gen():
    x, (y, *z) = 1
    for i in []:
        yield [w := i]
def not_gen():
    f = lambda: (yield)
    def inner():
        yield 1
    return f
`)
	m := module(t, g, "a.py")
	c := class(t, g, "a.py:Order")
	tree := m.Tree
	var bases, fields []string
	for _, b := range c.Bases {
		bases = append(bases, tree.Text(b))
	}
	for _, v := range c.Fields {
		fields = append(fields, v.Name+"="+tree.Text(v.Value))
	}
	check := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
	}
	check("bases", strings.Join(bases, " "), "Base Mixin[int]")
	check("keywords", tree.Text(c.Keywords["metaclass"])+" "+tree.Text(c.Keywords["table"]), "Meta True")
	check("fields", strings.Join(fields, " "), `id= name="x" a=1 b=1 conditional=2 tried=3 tried=4`)
	check("last field", tree.Text(c.Field("tried").Value), "4")
	check("getter", fmt.Sprint(len(c.Methods["total"].Params)), "1")
	check("setter", fmt.Sprint(len(c.Setters["total"].Params)), "2")
	check("nested", c.Nested["Meta"].Qual, "Order.Meta")
	load := c.Methods["load"]
	var params []string
	for _, p := range load.Params {
		params = append(params, fmt.Sprintf("%s:%d:%s:%s", p.Name, p.Kind, tree.Text(p.Annotation), tree.Text(p.Default)))
	}
	check("params", strings.Join(params, " "), "self:0:: a:0:: b:0:int:1 rest:2:: c:1:: d:1::2 kw:3::")
	check("returns", tree.Text(load.Returns), `"Order"`)
	check("async", fmt.Sprint(load.Async, load.Generator), "true false")
	check("qual", load.Qual, "Order.load")
	for _, f := range m.Functions {
		switch f.Name {
		case "gen":
			check("generator", fmt.Sprint(f.Generator), "true")
			for _, name := range []string{"x", "y", "z", "i", "w"} {
				if !f.Locals[name] {
					t.Errorf("%s is no local of gen", name)
				}
			}
		case "not_gen":
			check("no generator", fmt.Sprint(f.Generator), "false")
		}
	}
}

// Python stops at 100 levels of indentation; what no Python reads must not end us either.
func TestDeepNesting(t *testing.T) {
	var b strings.Builder
	depth := 0
	for ; depth < 90; depth++ {
		b.WriteString(strings.Repeat(" ", depth) + "if x:\n")
	}
	b.WriteString(strings.Repeat(" ", depth) + "class Deep: ...\n")
	g := link(t, "-- a.py --\n"+b.String())
	if s := g.Resolve(g.Modules[0], "Deep"); s.Kind != ClassSymbol {
		t.Errorf("90 levels deep: %s", s.show())
	}
	parser := pysyntax.NewParser()
	defer parser.Close()
	tree, err := parser.Parse([]byte(strings.Repeat("if x:", 1_000) + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	Extract("a.py", tree)
}
