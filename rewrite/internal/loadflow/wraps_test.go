package loadflow

import "testing"

// TestWrapsRunsNothing: functools.wraps looks at the function, and what it gives is no decorator. Else each constructor
// that is decorated would be called with the wrappers of all others.
func TestWrapsRunsNothing(t *testing.T) {
	p := parse(t, map[string]string{"models.py": flowModels, "app.py": `
from functools import wraps

def named(fn):
    @wraps(fn)
    def inner(*args):
        return None
    return inner

class Made:
    def __init__(self, menu):
        self.menu = menu

@named
def one():
    return Made

`})
	a := newAnalysis(p.graph, p.index, Settings{})
	if settled, err := a.solve(t.Context(), 2, nil); err != nil || !settled {
		t.Fatal(settled, err)
	}
	for _, u := range a.list {
		if u.key.fn == nil || u.key.fn.Name != "named" {
			continue
		}
		for _, e := range u.out.edges {
			t.Errorf("%s calls %s", u.key.fn.Name, e.callee.fn.Qual)
		}
	}
}
