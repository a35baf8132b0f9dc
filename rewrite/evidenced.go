package rewrite

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
)

// recordedMark is what a message says of an option that lazyfix would not have found by itself.
const recordedMark = " (recorded, not derived)"

// markRecorded says of a finding that a run recorded what it is about, and that it is not derived.
func (f *Finding) markRecorded(recorded bool) {
	if f.Recorded = recorded; recorded {
		f.Message += recordedMark
	}
}

// evidenced compares what was recorded with what is derived. It is empty in a run without evidence.
func (p *program) evidenced() []Evidenced {
	if p.recorded == nil {
		return nil
	}
	out := slices.Clone(p.recorded.aside)
	type known struct {
		site *loadflow.Site
		path string
	}
	seen := map[known]bool{}
	for i, o := range p.flow.Recorded {
		r := p.recorded.fitting[i]
		e := Evidenced{LoaderPath: pathText(r.Steps), Kinds: []string{p.recorded.kinds[i]}, Why: p.steps(o.Why), Reason: o.Reason}
		e.Place = e.Why[0].Place
		if len(o.Sites) > 0 {
			e.Place = p.place(o.Sites[0].Module, o.Sites[0].Node)
		}
		for _, s := range o.Sites {
			seen[known{s, relationships(r.Steps)}] = true
		}
		e.Status = map[loadflow.Status]EvidenceStatus{
			loadflow.Lost: NoQuery, loadflow.ByTests: OnlyTests, loadflow.Loaded: LoadedNow, loadflow.Derived: BothKnow, loadflow.Unseen: RecordedOnly,
		}[o.Status]
		out = append(out, e)
	}
	for _, d := range p.flow.Demands {
		for _, need := range d.Needs {
			if need.Recorded || seen[known{d.Site, relationships(need.Steps)}] {
				continue
			}
			out = append(out, Evidenced{
				Status: DerivedOnly, Place: p.place(d.Site.Module, d.Site.Node), LoaderPath: pathText(need.Steps), Why: p.steps(need.Why),
			})
		}
	}
	return united(out)
}

// relationships are the names along a loader path.
func relationships(steps []loadflow.Step) string {
	names := make([]string, len(steps))
	for i, s := range steps {
		names[i] = s.Rel.Name
	}
	return strings.Join(names, ".")
}

// united makes one of all that say the same of a loader path, sorted by status, place and path. The first way counts.
func united(all []Evidenced) []Evidenced {
	order := func(s EvidenceStatus) int { return slices.Index(EvidenceStatuses[:], s) }
	slices.SortStableFunc(all, func(a, b Evidenced) int {
		return cmp.Or(order(a.Status)-order(b.Status), strings.Compare(a.File, b.File), a.Line-b.Line, a.Column-b.Column,
			strings.Compare(a.LoaderPath, b.LoaderPath), strings.Compare(a.Reason, b.Reason), compareWays(a.Why, b.Why))
	})
	var out []Evidenced
	for _, e := range all {
		if n := len(out) - 1; n >= 0 && out[n].Status == e.Status && out[n].Place == e.Place && out[n].LoaderPath == e.LoaderPath {
			out[n].Kinds = append(out[n].Kinds, e.Kinds...)
			continue
		}
		out = append(out, e)
	}
	for i := range out {
		slices.Sort(out[i].Kinds)
		out[i].Kinds = slices.Compact(out[i].Kinds)
	}
	return out
}

func compareWays(a, b []Step) int {
	return slices.CompareFunc(a, b, func(x, y Step) int {
		return cmp.Or(strings.Compare(x.File, y.File), x.Line-y.Line, x.Column-y.Column, strings.Compare(x.Text, y.Text))
	})
}
