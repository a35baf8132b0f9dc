package loadflow

import (
	"testing"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// TestPassedOnce has many calls pass a parameter the same: a walk back goes on from that once, however often it asks.
func TestPassedOnce(t *testing.T) {
	a := &analysis{t: &table{}, callers: map[string]map[string][]*edge{}}
	unit, class := &unitKey{id: "render"}, &pymodule.Class{Name: "Order", Module: &pymodule.Module{}}
	o := a.t.paramOrigin(unit, 0)
	queried := func(name string) *atom { return a.t.object(class, a.t.origin(&origin{kind: fromNew}, name), nil) }
	one, other := queried("one"), queried("other")
	calls := []*edge{{args: []value{{one}}}, {args: []value{{one, other}}}, {args: []value{{other}}}, {args: nil}}
	a.callers[unit.id] = map[string][]*edge{"page": calls, "list": calls}
	p := &propagation{a: a}
	if got := p.passedTo(o); len(got) != 2 {
		t.Errorf("%d objects are passed, want 2", len(got))
	}
	a.callers[unit.id] = nil
	if got := p.passedTo(o); len(got) != 2 {
		t.Errorf("asked again it looks again: %d objects", len(got))
	}
}
