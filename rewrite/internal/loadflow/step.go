package loadflow

import "strings"

// OneLevel is the loader of a step that repeats, where the query loads it by one that does not.
func OneLevel(loader string) string { return loader + " of one level" }

// stepsOf are the steps of a path from what o is, nil where no query gives it.
func (a *analysis) stepsOf(p *path, o *origin, have coverage) []Step {
	var out []Step
	for _, s := range p.steps() {
		step := Step{Class: s.class, Rel: s.rel, Again: s.again, Loader: have[s.rels]}
		if once := have[strings.TrimSuffix(s.rels, "*")]; s.again && step.Loader == "" && once != "" {
			step.Loader = OneLevel(once)
		}
		if step.Loader == "" && a.modelLoads(s, have, o) && !a.missesSubclass(s, o, have) {
			step.Loader, step.ByModel = modelLoader(s.rel.Lazy), true
		}
		out = append(out, step)
	}
	return out
}
