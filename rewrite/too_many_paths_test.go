package rewrite

import (
	"fmt"
	"slices"
	"testing"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// classPath is a loader path that is read from these classes, one after the other. Its last relationship is called last.
func classPath(classes map[string]*pymodule.Class, last string, names ...string) []loadflow.Step {
	var out []loadflow.Step
	for i, name := range names {
		if classes[name] == nil {
			classes[name] = &pymodule.Class{Name: name, Qual: name}
		}
		rel := last
		if i+1 < len(names) {
			rel = names[i+1]
		}
		out = append(out, loadflow.Step{Class: classes[name], Rel: &mapper.Relationship{Name: rel}})
	}
	return out
}

func TestTooManyPathsThatLeadBackAreShortened(t *testing.T) {
	for _, back := range []int{maxBack, maxBack + 1} {
		classes, target := map[string]*pymodule.Class{}, &target{}
		d := &loadflow.Demand{Site: &loadflow.Site{Kind: loadflow.GetSite}}
		add := func(steps []loadflow.Step, loaded int) {
			target.add(d, &loadflow.Need{Steps: steps, Loaded: loaded})
		}
		for i := range back - 1 {
			add(classPath(classes, fmt.Sprint("r", i), "City", "Country", "City"), 0)
		}
		add(classPath(classes, "name", "City", "Road", "City"), 2) // as a run before it left it
		add(classPath(classes, "e", "City", "A", "B", "C"), 0)
		add(classPath(classes, "parent", "City", "Node", "Node"), 0)
		cut := target.shorten()
		var loads []string
		for _, w := range target.wants {
			loads = append(loads, pathText(w.need.Steps))
		}
		if back == maxBack {
			if len(cut) > 0 || len(loads) != back+2 {
				t.Errorf("%d paths: %d are shortened, %v are left", back, len(cut), loads)
			}
			continue
		}
		want := []string{"City.Country.City", "City.A.B.C", "City.Node.Node.parent"}
		if !slices.Equal(loads, want) || len(cut) != back+1 {
			t.Errorf("%d paths: %d are shortened, %v are left, want %v", back, len(cut), loads, want)
		}
	}
}

func TestMoreOptionsThanAnybodyWritesAreNotWritten(t *testing.T) {
	for _, n := range []int{maxWants, maxWants + 1} {
		classes, target := map[string]*pymodule.Class{}, &target{}
		for i := range n {
			target.add(&loadflow.Demand{Site: &loadflow.Site{Kind: loadflow.GetSite}}, &loadflow.Need{Steps: classPath(classes, fmt.Sprint("r", i), "City")})
		}
		if all := target.tooMany(); (len(all) > 0) != (n > maxWants) || len(all)+len(target.wants) != n {
			t.Errorf("of %d wants %d are too many, and %d are left", n, len(all), len(target.wants))
		}
	}
}
