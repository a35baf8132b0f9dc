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
