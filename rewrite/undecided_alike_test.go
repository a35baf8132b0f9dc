package rewrite

import (
	"fmt"
	"testing"
)

func TestManyUndecidedReadsOfOneQueryAreOneReport(t *testing.T) {
	for _, n := range []int{maxAlike, maxAlike + 1} {
		other := &action{findings: []Finding{{Rule: "undecided-read", Place: Place{File: "a.py", Line: 9}, LoaderPath: "A.b", Message: "A.b is read, but why"}}}
		actions := []*action{other}
		for i := range n {
			path := fmt.Sprint("A.r", i)
			actions = append(actions, &action{findings: []Finding{{Rule: "undecided-read", Place: Place{File: "a.py", Line: 1}, LoaderPath: path, Message: path + " is read, but why"}}})
		}
		out := withoutAlike(actions)
		if n == maxAlike && len(out) != n+1 {
			t.Errorf("%d of %d are left", len(out), n+1)
		}
		if want := "A.r0 and 12 more are read, but why"; n > maxAlike && (len(out) != 2 || out[0] != other || out[1].findings[0].Message != want) {
			t.Errorf("%d are left, the last says %q, want %q", len(out), out[len(out)-1].findings[0].Message, want)
		}
	}
}
