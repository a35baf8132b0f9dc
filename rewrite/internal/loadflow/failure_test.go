package loadflow

import "testing"

// A defect of ours in one function is kept to that function, and said.
func TestDefectIsNamed(t *testing.T) {
	a := &analysis{t: &table{}, units: map[string]*unit{}}
	broken := &unit{key: &unitKey{id: "broken"}} // of no module: interpreting it panics
	out := a.interpret(broken)
	if out == nil || out.failed == "" {
		t.Fatalf("outcome %+v, want a failure", out)
	}
}

// So is one in carrying a read to its query: the other reads go on.
func TestDefectOfOneReadIsNamed(t *testing.T) {
	broken := &wanted{read: &read{}} // of no object: carrying it panics
	p := &propagation{ctx: t.Context(), a: &analysis{t: &table{}}, queue: []*wanted{broken, broken}}
	if err := p.follow(); err != nil || len(p.failed) != 2 || p.failed[0].What == "" {
		t.Fatalf("%v, failures %+v, want two", err, p.failed)
	}
}
