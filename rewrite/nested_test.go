package rewrite_test

import (
	"strings"
	"testing"
)

// TestNested: code that is nested deeper than is followed, and chains that are evaluated again at each link, end, and what
// is read in them is not lost in silence.
func TestNested(t *testing.T) {
	const program = `from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    id: Mapped[int] = mapped_column(primary_key=True)


class Customer(Base):
    __tablename__ = "customers"


class Order(Base):
    __tablename__ = "orders"
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    customer: Mapped[Customer] = relationship(lazy="raise_on_sql")


async def main(session, rows, found):
    order = await session.scalar(select(Order))
`
	for name, c := range map[string]struct {
		code string
		loud bool // else it is followed
	}{
		"few parentheses":  {"    return " + strings.Repeat("(", 50) + "order.customer.id" + strings.Repeat(")", 50), false},
		"many parentheses": {"    return " + strings.Repeat("(", 450) + "order.customer.id" + strings.Repeat(")", 450), true},
		"chain":            {"    rows" + strings.Repeat(".append(found).rows", 40) + ".append(order)\n    return order.customer.id", true},
		"index":            {"    return " + strings.Repeat("rows[", 40) + "order.customer.id" + strings.Repeat("].append(found)", 40), true},
		"keys":             {"    return " + strings.Repeat("Order(customer_id=", 40) + "order.customer" + strings.Repeat(".id)", 40), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, dir, map[string]string{"app.py": program + c.code + "\n"})
			got := listing(run(t, dir, 1).Findings)
			said := strings.Contains(got, "nested deeper than lazyfix follows")
			if c.loud && !said || !c.loud && (said || !strings.Contains(got, "loads Order.customer")) {
				t.Errorf("found:\n%s", got)
			}
		})
	}
}
