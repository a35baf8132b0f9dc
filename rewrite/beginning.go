package rewrite

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
)

// A loader path that no option loads is reported, and its beginning is loaded all the same: what is read behind Order.items
// reads Order.items first, and no other need says so, since a target keeps the longest paths only.

// addBeginnings adds options for as much of the wants that got none as can be loaded and nothing else of the target loads.
func (p *program) addBeginnings(a *action, t *target, add *additions, cut []want) {
	var added []want
	for _, w := range cut {
		for n := len(w.need.Steps) - 1; n > w.loaded; n-- {
			shorter := w.beginning(n)
			covers := func(other want) bool {
				return other.path == shorter.path || strings.HasPrefix(other.path, shorter.path+".")
			}
			got := func(other want) bool { return other.need.Column() == nil && covers(other) && !isOneOf(cut, other) }
			if slices.ContainsFunc(t.wants, got) || slices.ContainsFunc(added, covers) {
				break
			}
			if w.need.Steps[n-1].Loader != "" { // as soon as there is an object to load it of
				continue
			}
			o, why := p.optionFor(t, shorter)
			if why != "" {
				continue
			}
			added = append(added, shorter)
			if !slices.Contains(add.options, o.text) && !slices.Contains(add.deeper[o.under], o.text) {
				add.take(a, t, o)
				a.loaded(p, t, shorter)
			}
			break
		}
	}
}

// firstOf is the need for the first step of another where its query is told what to load, and no more than that.
func firstOf(d *loadflow.Demand, need *loadflow.Need) *loadflow.Need {
	if d.Site.Told == "" || len(need.Steps) == 1 || need.Loaded > 0 || need.Steps[0].Loader != "" {
		return nil
	}
	return wantOf(d, need).beginning(1).need
}

func isOneOf(wants []want, w want) bool {
	return slices.ContainsFunc(wants, func(other want) bool { return other.need == w.need })
}

// beginning is a want for the first steps of another, as the reader has it that wants no more, where there is one.
func (w want) beginning(n int) want {
	need := *w.need
	need.Steps, need.More = need.Steps[:n], nil
	out := want{w.demand, &need, w.loaded, pathKey(w.demand, &need)}
	i := slices.IndexFunc(w.demand.Needs, func(other *loadflow.Need) bool { return pathKey(w.demand, other) == out.path })
	if i >= 0 {
		out.need = w.demand.Needs[i]
	}
	return out
}
