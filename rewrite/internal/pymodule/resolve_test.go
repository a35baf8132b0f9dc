package pymodule

import (
	"strings"
	"testing"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Each case is a program, and names as they are seen from one of its files: "path name -> what it is".
var resolveCases = []struct {
	name    string
	archive string
	want    string
}{
	{"own definitions", `
-- a.py --
class Order: ...
def load(): ...
LIMIT = 3
Alias = Order
Chain = Alias
`, `
a.py Order -> class a.py:Order
a.py load -> function a.py:load
a.py LIMIT -> var a.py:LIMIT
a.py Alias -> class a.py:Order
a.py Chain -> class a.py:Order
a.py nothing -> unknown
a.py Order.nothing -> unknown
`},
	{"every form of import", `
-- app/__init__.py --
-- app/models.py --
class Order:
    class Meta: ...
    def total(self): ...
-- app/use.py --
import app.models
import app.models as m
from app import models
from app.models import Order
from app.models import Order as O
from . import models as near
from .models import Order as Near
from .. import nothing
import sqlalchemy.orm
import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import relationship as rel
`, `
app/use.py app -> module app/__init__.py
app/use.py app.models.Order -> class app/models.py:Order
app/use.py m.Order -> class app/models.py:Order
app/use.py models.Order -> class app/models.py:Order
app/use.py Order -> class app/models.py:Order
app/use.py O -> class app/models.py:Order
app/use.py O.Meta -> class app/models.py:Order.Meta
app/use.py O.total -> function app/models.py:Order.total
app/use.py near.Order -> class app/models.py:Order
app/use.py Near -> class app/models.py:Order
app/use.py nothing -> unknown
app/use.py sqlalchemy.orm.relationship -> external sqlalchemy.orm.relationship
app/use.py sa.orm.relationship -> external sqlalchemy.orm.relationship
app/use.py orm.relationship -> external sqlalchemy.orm.relationship
app/use.py rel -> external sqlalchemy.orm.relationship
`},
	{"re-exports", `
-- app/__init__.py --
-- app/models/__init__.py --
from .order import Order as Order
from .user import *
from .hidden import *
-- app/models/order.py --
class Order: ...
class Private: ...
-- app/models/user.py --
class User: ...
class _Secret: ...
from .order import Private
-- app/models/hidden.py --
__all__ = ["Shown", "_Listed"]
class Shown: ...
class Unlisted: ...
class _Listed: ...
-- app/use.py --
from app.models import Order, User, Shown, Unlisted, _Secret, _Listed, Private
from app import models
`, `
app/use.py Order -> class app/models/order.py:Order
app/use.py User -> class app/models/user.py:User
app/use.py Private -> class app/models/order.py:Private
app/use.py Shown -> class app/models/hidden.py:Shown
app/use.py _Listed -> class app/models/hidden.py:_Listed
app/use.py Unlisted -> unknown
app/use.py _Secret -> unknown
app/use.py models.User -> class app/models/user.py:User
app/use.py models.order.Order -> class app/models/order.py:Order
`},
	{"an __all__ that is put together lets everything through", `
-- app/__init__.py --
from .sum import *
from .grown import *
from .extended import *
from .sub import *
-- app/sum.py --
from app import grown
__all__ = ["A"] + grown.__all__
class B: ...
-- app/grown.py --
__all__ = ["C"]
__all__ += ["D"]
class D: ...
-- app/extended.py --
__all__ = []
__all__.extend(["E"])
class E: ...
-- app/sub/__init__.py --
__all__ = ["inner"]
-- app/sub/inner.py --
class F: ...
-- app/sub/other.py --
class G: ...
`, `
app/__init__.py B -> class app/sum.py:B
app/__init__.py D -> class app/grown.py:D
app/__init__.py E -> class app/extended.py:E
app/__init__.py inner.F -> class app/sub/inner.py:F
app/__init__.py other -> unknown
`},
	{"imports for type checkers, and a definition beats an import", `
-- a.py --
from typing import TYPE_CHECKING
import typing
if TYPE_CHECKING:
    from b import Order
if typing.TYPE_CHECKING:
    from b import User
try:
    from b import Fast
except ImportError:
    class Fast: ...
-- b.py --
class Order: ...
class User: ...
class Fast: ...
`, `
a.py Order -> class b.py:Order
a.py User -> class b.py:User
a.py Fast -> class a.py:Fast
`},
	{"imports in circles", `
-- a.py --
from b import *
from b import Ghost
class A: ...
-- b.py --
from a import *
from a import Ghost
class B: ...
`, `
a.py B -> class b.py:B
b.py A -> class a.py:A
a.py Ghost -> unknown
b.py Nobody -> unknown
`},
	{"names of a library that a module hands on", `
-- compat.py --
from pydantic.v1 import *
def own(): ...
-- several.py --
from asyncio import *
from itertools import *
from pydantic import *
-- a.py --
from compat import parse_obj_as, tools, own, _hidden
from several import TypeAdapter, chain
-- b.py --
from pydantic import *
`, `
a.py parse_obj_as -> external pydantic.v1.parse_obj_as
a.py tools -> external pydantic.v1.tools
a.py own -> function compat.py:own
a.py _hidden -> unknown
a.py TypeAdapter -> external pydantic.TypeAdapter
a.py chain -> unknown
b.py BaseModel -> external pydantic.BaseModel
b.py len -> unknown
`},
	{"names of a module that are unpacked", `
-- a.py --
class Order: ...
def pair(): ...
alias, number = Order, 1
left, right = pair()
-- b.py --
from a import alias, left
`, `
a.py alias -> class a.py:Order
a.py number -> var a.py:number
b.py alias -> class a.py:Order
b.py left -> var a.py:left
a.py right -> var a.py:right
`},
	{"a name that is its own import", `
-- app/__init__.py --
from app import app
-- app/app.py --
class Thing: ...
`, `
app/__init__.py app.Thing -> class app/app.py:Thing
`},
	{"folders without __init__.py and a src layout", `
-- server/src/shop/models.py --
class Order: ...
-- server/src/shop/deep/more.py --
class More: ...
-- server/tests/test_orders.py --
from shop.models import Order
from shop.deep import more
from shop import models
-- server/src/shop/use.py --
from shop.models import Order
from .deep.more import More
`, `
server/tests/test_orders.py Order -> class server/src/shop/models.py:Order
server/tests/test_orders.py models.Order -> class server/src/shop/models.py:Order
server/tests/test_orders.py more.More -> class server/src/shop/deep/more.py:More
server/src/shop/use.py Order -> class server/src/shop/models.py:Order
server/src/shop/use.py More -> class server/src/shop/deep/more.py:More
`},
	{"two projects in one tree: the nearest one is meant", `
-- one/app/__init__.py --
-- one/app/models.py --
class Order: ...
-- one/tests/test_a.py --
from app.models import Order
-- two/app/__init__.py --
-- two/app/models.py --
class Order: ...
-- two/tests/test_b.py --
from app.models import Order
`, `
one/tests/test_a.py Order -> class one/app/models.py:Order
two/tests/test_b.py Order -> class two/app/models.py:Order
`},
	{"a folder called like a library does not hide it", `
-- sqlalchemy/orm.py --
def relationship(): ...
-- a.py --
from sqlalchemy.orm import relationship
`, `
a.py relationship -> external sqlalchemy.orm.relationship
`},
	{"a script beside the package's modules", `
-- tool/__init__.py --
-- tool/models.py --
class Order: ...
-- tool/run.py --
from models import Order
`, `
tool/run.py Order -> class tool/models.py:Order
`},
	{"inherited members", `
-- a.py --
class Base:
    limit = 3
    def save(self): ...
class Order(Base):
    def total(self): ...
`, `
a.py Order.save -> function a.py:Base.save
a.py Order.limit -> var a.py:limit
a.py Order.total -> function a.py:Order.total
`},
}

func TestResolve(t *testing.T) {
	for _, c := range resolveCases {
		t.Run(c.name, func(t *testing.T) {
			g := link(t, c.archive)
			for _, line := range strings.Split(strings.TrimSpace(c.want), "\n") {
				question, want, _ := strings.Cut(line, " -> ")
				path, name, _ := strings.Cut(question, " ")
				if got := g.Resolve(module(t, g, path), name).show(); got != want {
					t.Errorf("%s: %s is %q, want %q", path, name, got, want)
				}
			}
		})
	}
}

func TestResolveInsideClassesAndFunctions(t *testing.T) {
	g := link(t, `
-- a.py --
class Order: ...
class Outer:
    class Order: ...
    class Inner: ...
    alias = Order
    def method(self):
        class Order: ...
        def helper(): ...
        def nested():
            return Order
        return nested
def plain():
    class Local: ...
    class Child(Local): ...
    return Child
`)
	m := module(t, g, "a.py")
	outer := class(t, g, "a.py:Outer")
	method := outer.Methods["method"]
	nested := method.Defs["nested"]
	for _, c := range []struct {
		what  string
		class *Class
		fn    *Function
		name  string
		want  string
	}{
		{"module", nil, nil, "Order", "class a.py:Order"},
		{"class body", outer, nil, "Order", "class a.py:Outer.Order"},
		{"class body", outer, nil, "Outer", "class a.py:Outer"},
		{"class body", outer, nil, "Inner", "class a.py:Outer.Inner"},
		{"a method does not see its class", nil, outer.Methods["method"], "Inner", "unknown"},
		{"method", nil, method, "Order", "class a.py:Outer.method.Order"},
		{"function in a method", nil, nested, "Order", "class a.py:Outer.method.Order"},
		{"function in a method", nil, nested, "helper", "function a.py:Outer.method.helper"},
	} {
		if got := g.ResolveIn(m, c.class, c.fn, c.name).show(); got != c.want {
			t.Errorf("%s: %s is %q, want %q", c.what, c.name, got, c.want)
		}
	}
	child := class(t, g, "a.py:plain.Child")
	if s, _ := g.ResolveBase(child, child.Bases[0]); s.show() != "class a.py:plain.Local" {
		t.Errorf("base of a local class is %q", s.show())
	}
}

func TestImportsOfFunctions(t *testing.T) {
	g := link(t, `
-- a.py --
def f():
    from b import Order as O, User
    import b
    import sqlalchemy.orm as orm
    return O
-- b.py --
class Order: ...
class User: ...
`)
	m := module(t, g, "a.py")
	got := map[string]string{}
	body := m.Functions[0].Body
	for n := range m.Tree.Children(body) {
		if !m.Tree.Is(n, pysyntax.ImportStatement, pysyntax.ImportFromStatement) {
			continue
		}
		for name, s := range g.ImportsOf(m, n) {
			got[name] = s.show()
		}
	}
	for name, want := range map[string]string{
		"O": "class b.py:Order", "User": "class b.py:User", "b": "module b.py", "orm": "external sqlalchemy.orm",
	} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
	if s := g.Resolve(m, "O"); s.Kind != Unknown {
		t.Errorf("a function's import is seen from the module: %s", s.show())
	}
}
