package mapper

import (
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

func classAt(t *testing.T, g *pymodule.Graph, path, qual string) *pymodule.Class {
	t.Helper()
	for _, c := range g.ModuleAt(path).Classes {
		if c.Qual == qual {
			return c
		}
	}
	t.Fatalf("no class %s in %s", qual, path)
	return nil
}

func TestOther(t *testing.T) {
	a, err := txtar.ParseFile("../../../fixtures/mapper/attributes.txtar")
	if err != nil {
		t.Fatal(err)
	}
	g, ix := index(t, a.Files)
	order := classAt(t, g, "attrs.py", "Order")
	for name, want := range map[string]AttrKind{
		"id": Column, "number": Column, "count": Column, "names": Proxy, "other_items": Synonym, "double": Hybrid,
		"first": Property, "last": Property, "load": Method, "items": None, "nothing": None,
	} {
		if got := ix.Other(order, name); got != want {
			t.Errorf("%s is %d, want %d", name, got, want)
		}
		if r := ix.Relationship(order, name); (r != nil) != (name == "items") {
			t.Errorf("%s as a relationship: %v", name, r)
		}
	}
	if rel, attr, ok := ix.Proxied(order, "names"); rel != "items" || attr != "name" || !ok {
		t.Errorf("names reads %s.%s, %v", rel, attr, ok)
	}
	if of, ok := ix.SynonymOf(order, "other_items"); of != "items" || !ok {
		t.Errorf("other_items stands for %s, %v", of, ok)
	}
	if _, _, ok := ix.Proxied(order, "items"); ok {
		t.Error("items is no proxy")
	}
}

// TestGuard: a subclass that only tells a type checker that a relationship is not None keeps the relationship, and is in
// no registry; classes that have nothing to do with SQLAlchemy are not known at all.
func TestGuard(t *testing.T) {
	g, ix := index(t, txtar.Parse([]byte(`
-- a.py --
from typing import TYPE_CHECKING
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
class Base(DeclarativeBase): ...
class User(Base):
    __tablename__ = "users"
class Order(Base):
    __tablename__ = "orders"
    user: Mapped[User | None] = relationship()
    plain: Mapped["User | None"] = relationship()
if TYPE_CHECKING:
    class Paid(Order):
        user: Mapped[User]
        plain: User
        amount: Mapped[int]
-- b/c.py --
from a import Base
from sqlalchemy.orm import relationship
class Item(Base):
    __tablename__ = "items"
    paid = relationship("Order")
-- b/d.py --
import a
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    class Order(a.Order): ...
-- e.py --
class Row: ...
class Rows(Row):
    user = 1
    def load(self): ...
`)).Files)
	paid := classAt(t, g, "a.py", "Paid")
	for _, name := range []string{"user", "plain"} {
		if r := ix.Relationship(paid, name); r == nil || r.Owner.Name != "Order" || r.Target.Name != "User" {
			t.Errorf("Paid.%s: %v", name, r)
		}
	}
	if ix.Other(paid, "amount") != Column {
		t.Error("Paid.amount is a column")
	}
	r := ix.Relationship(classAt(t, g, "b/c.py", "Item"), "paid")
	if r == nil || r.Target != classAt(t, g, "a.py", "Order") {
		t.Errorf("Item.paid: %v", r)
	}
	rows := classAt(t, g, "e.py", "Rows")
	if ix.Class(rows) != nil || ix.Other(rows, "load") != None || ix.All(rows) != nil {
		t.Error("Rows has nothing to do with SQLAlchemy")
	}
}

// TestSameEveryTime: nothing of the order of a map comes out.
func TestSameEveryTime(t *testing.T) {
	for _, name := range []string{"imperative", "backref", "mixins", "declarative"} {
		a, err := txtar.ParseFile("../../../fixtures/mapper/" + name + ".txtar")
		if err != nil {
			t.Fatal(err)
		}
		g, ix := index(t, a.Files)
		first := show(g, ix)
		for range 20 {
			if again := show(g, Build(g)); again != first {
				t.Fatalf("%s: first\n%s\nthen\n%s", name, first, again)
			}
		}
	}
}
