package pymodule

import (
	"strings"
	"testing"
)

const bases = `
-- lib.py --
from typing import Generic, TypeVar, Protocol
M = TypeVar("M")
K = TypeVar("K")
class Repository(Generic[M, K]):
    def get(self) -> M: ...
class Keyed(Repository[M, int]): ...
class New[T]:
    def one(self) -> T: ...
-- models.py --
from sqlalchemy.orm import DeclarativeBase, declarative_base
from flask_sqlalchemy import SQLAlchemy
Legacy = declarative_base()
db = SQLAlchemy()
class Base(DeclarativeBase): ...
class Mixin: ...
class Stamped(Mixin): ...
class Order(Stamped, Base): ...
class Diamond(Order, Mixin): ...
class Refused(Mixin, Stamped): ...
class Below(Refused): ...
class Old(Legacy): ...
class Loop(Loop): ...
class Ping(Pong): ...
class Pong(Ping): ...
class Unknown(nowhere.Base): ...
-- shadow.py --
from models import Order as Order
class Order(Order): ...
-- repos.py --
import lib
from models import Order
from lib import Keyed, New
from typing import Generic, TypeVar
T = TypeVar("T")
class Orders(Keyed[Order]): ...
class Text(lib.Repository["Order", str]): ...
class Newer(New[list[Order]]): ...
class Twice(Generic[T], Keyed[T]): ...
`

func TestMRO(t *testing.T) {
	g := link(t, bases)
	for at, want := range map[string]string{
		"models.py:Order":   "Order Stamped Mixin Base sqlalchemy.orm.DeclarativeBase",
		"models.py:Diamond": "Diamond Order Stamped Mixin Base sqlalchemy.orm.DeclarativeBase",
		"models.py:Refused": "Refused Stamped Mixin", // Python would not take it
		"models.py:Below":   "Below Refused Stamped Mixin",
		"models.py:Old":     "Old sqlalchemy.orm.declarative_base()",
		"models.py:Loop":    "Loop",
		"models.py:Ping":    "Ping Pong",
		"models.py:Unknown": "Unknown",
		"shadow.py:Order":   "Order Order Stamped Mixin Base sqlalchemy.orm.DeclarativeBase",
		"repos.py:Twice":    "Twice Keyed Repository typing.Generic typing.Generic",
		"repos.py:Orders":   "Orders Keyed Repository typing.Generic",
	} {
		var got []string
		for _, b := range g.MRO(class(t, g, at)) {
			if b.Class != nil {
				got = append(got, b.Class.Name)
			} else {
				got = append(got, b.External)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %s, want %s", at, strings.Join(got, " "), want)
		}
	}
}

func TestTypeArguments(t *testing.T) {
	g := link(t, bases)
	for _, c := range []struct{ class, base, param, want string }{
		{"repos.py:Orders", "Repository", "M", "Order"},
		{"repos.py:Orders", "Repository", "K", "int"},
		{"repos.py:Orders", "Keyed", "M", "Order"},
		{"repos.py:Text", "Repository", "M", "Order"},
		{"repos.py:Text", "Repository", "K", "str"},
		{"repos.py:Newer", "New", "T", "list"},
	} {
		found := ""
		for _, b := range g.MRO(class(t, g, c.class)) {
			if b.Class != nil && b.Class.Name == c.base {
				if in, ok := b.Args[c.param]; ok {
					found = in.Type.Name
				}
			}
		}
		if found != c.want {
			t.Errorf("%s of %s in %s is %q, want %q", c.param, c.base, c.class, found, c.want)
		}
	}
}

func TestSubclasses(t *testing.T) {
	g := link(t, bases)
	var got []string
	for _, c := range g.Subclasses(class(t, g, "models.py:Mixin")) {
		got = append(got, c.Module.Path+":"+c.Name)
	}
	if s := strings.Join(got, " "); s != "models.py:Stamped models.py:Order models.py:Diamond models.py:Refused models.py:Below shadow.py:Order" {
		t.Error(s)
	}
	if !g.IsSubclass(class(t, g, "shadow.py:Order"), class(t, g, "models.py:Base")) {
		t.Error("shadow.Order stands below Base")
	}
	if g.IsSubclass(class(t, g, "models.py:Base"), class(t, g, "models.py:Order")) {
		t.Error("Base stands above Order")
	}
}
