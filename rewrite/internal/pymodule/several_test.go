package pymodule

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestMeanings(t *testing.T) {
	g := link(t, `
-- a.py --
class A: ...
class B: ...
def make(): ...
-- b.py --
from typing import TYPE_CHECKING
from a import A as Before, A as Replaced
import a

if x:
    from a import A as InIf
elif y:
    from a import B as InIf
else:
    class InIf: ...

try:
    from a import A as InTry
except ImportError:
    InTry = None

try:
    from library import Name
except ImportError:
    def Name(): ...

if x:
    from a import B as Before

with x:
    from a import B as Replaced

if TYPE_CHECKING:
    from a import A as Typed
else:
    from a import B as Typed

Variable = None
if x:
    Variable = a.A
else:
    Variable = a.B

if x:
    from a import A as Wrapped
    Wrapped = wrap(Wrapped)
else:
    from a import B as Wrapped

if x:
    from a import A as Same
else:
    from a import A as Same

for i in y:
    if x:
        from a import A as Twice
    else:
        from a import B as Twice
    def Twice(): ...

Alias = InIf
-- c.py --
import b
from b import *
from b import Alias as Other
-- d.py --
if x:
    from e import Round
else:
    from a import A as Round
-- e.py --
if x:
    from d import Round
else:
    from a import B as Round
`)
	inIf := []string{"class b.py:InIf", "class a.py:B", "class a.py:A"}
	for _, tt := range []struct {
		module, name string
		want         []string
	}{
		{"b.py", "InIf", inIf},
		{"b.py", "InTry", []string{"class a.py:A"}},
		{"b.py", "Name", []string{"function b.py:Name", "external library.Name"}},
		{"b.py", "Before", []string{"class a.py:B", "class a.py:A"}},
		{"b.py", "Replaced", []string{"class a.py:B"}},
		{"b.py", "Typed", []string{"class a.py:B"}},
		{"b.py", "Variable", []string{"class a.py:B", "class a.py:A"}},
		{"b.py", "Wrapped", []string{"class a.py:B", "class a.py:A"}},
		{"b.py", "Same", []string{"class a.py:A"}},
		{"b.py", "Twice", []string{"function b.py:Twice"}},
		{"b.py", "Alias", inIf},
		{"c.py", "Other", inIf},
		{"c.py", "InIf", inIf},
		{"c.py", "b.Alias", inIf},
		{"d.py", "Round", []string{"class a.py:A", "class a.py:B"}},
	} {
		m := module(t, g, tt.module)
		for range 2 { // what is kept is not the first time's alone
			first, others := g.Meanings(m, nil, nil, tt.name)
			if s := g.Resolve(m, tt.name); s != first {
				t.Errorf("%s: the first is %s, and alone it is %s", tt.name, first.show(), s.show())
			}
			got := []string{first.show()}
			for _, s := range others {
				got = append(got, s.show())
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("%s is %q, want %q", tt.name, got, tt.want)
			}
		}
	}
}

// Each of twelve modules imports all names of the others: without a memory of where it was, a name that nobody binds is looked
// for on every way through them.
func TestWildcardsInARing(t *testing.T) {
	var archive strings.Builder
	for i := range 12 {
		fmt.Fprintf(&archive, "-- m%d.py --\n", i)
		for j := range 12 {
			if i != j {
				fmt.Fprintf(&archive, "from m%d import *\n", j)
			}
		}
	}
	archive.WriteString("-- orders.py --\nclass Order: ...\n-- use.py --\nfrom orders import *\nfrom m0 import *\n")
	g := link(t, archive.String())
	if s := g.Resolve(module(t, g, "use.py"), "nobody"); s.Kind != Unknown {
		t.Errorf("nobody is %s", s.show())
	}
	if s := g.Resolve(module(t, g, "use.py"), "Order"); s.Class == nil {
		t.Error("Order is not found behind the ring")
	}
}
