package loadflow

import (
	"slices"
	"testing"
)

func TestLevels(t *testing.T) {
	for _, c := range []struct {
		name string
		uses [][]int
		want []int
	}{
		{"what is used comes first", [][]int{{1, 2}, {2}, nil}, []int{3, 2, 1}},
		{"twice, and oneself", [][]int{{1, 1, 0}, nil}, []int{2, 1}},
		{"a circle has an order, too", [][]int{{1}, {2}, {0, 3}, nil}, []int{4, 3, 2, 1}},
		{"beside a circle", [][]int{nil, {2}, {1, 0}, {1}}, []int{1, 3, 2, 4}},
		{"nobody", nil, []int{}},
	} {
		if got := levels(c.uses); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	chain := make([][]int, 200_000) // by recursion it would be a stack of as many frames
	for i := range chain[1:] {
		chain[i] = []int{i + 1}
	}
	if got := levels(chain); got[0] != len(chain) || got[len(chain)-1] != 1 {
		t.Errorf("the chain's ends are on the levels %d and %d", got[0], got[len(chain)-1])
	}
}
