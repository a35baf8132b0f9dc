package rewrite

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sort"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pylayout"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/source"
	"golang.org/x/sync/errgroup"
)

// plan merges the actions of all rules into changes. An action that conflicts with one before it is dropped and says so
// in its findings; imports come last, all of a file at once. Where what comes out would not parse, the action that is to
// blame is dropped, in all its files, and the rest stays.
func (p *program) plan(actions []*action) ([]edits.Change, error) {
	for {
		changes, err := p.tryPlan(actions)
		if err != nil {
			return nil, err
		}
		m, why := p.broken(changes)
		if m == nil {
			p.fakesFirst(changes)
			return changes, nil
		}
		a, err := p.guilty(actions, m)
		if err != nil {
			return nil, err
		}
		reason := "the edit of " + a.findings[0].Rule + " was dropped, because the result would not have parsed: " + why
		if !m.Tree.HasError(m.Tree.Root()) { // else the parser may lose its way for an edit far from the error
			reason += "; please report this"
		}
		p.problems = append(p.problems, Problem{Path: m.Path, Line: a.findings[0].Line, Reason: reason})
		a.refuse("the result would not have parsed: " + why)
	}
}

// broken is the first file whose new text is not what it should be, nil when all are.
func (p *program) broken(changes []edits.Change) (m *pymodule.Module, why string) {
	said := make([]string, len(changes))
	var group errgroup.Group
	group.SetLimit(p.options.jobs())
	for i, c := range changes {
		group.Go(func() error {
			said[i] = verify(p.graph.ModuleAt(c.Name).Tree, c.New)
			return nil
		})
	}
	_ = group.Wait()
	for i, why := range said {
		if why != "" {
			return p.graph.ModuleAt(changes[i].Name), why
		}
	}
	return nil, ""
}

// guilty is the first action with which, after all before it, a file that parses without any does not parse any more. That
// a planned action is not refused where there are fewer of them makes the trials free of consequences.
func (p *program) guilty(actions []*action, m *pymodule.Module) (*action, error) {
	var touching []*action
	for _, a := range actions {
		if (len(a.edits) > 0 || len(a.top) > 0) && slices.ContainsFunc(a.parts(), func(e elsewhere) bool { return e.module == m }) {
			touching = append(touching, a)
		}
	}
	parses, breaks := 0, len(touching)
	for breaks-parses > 1 {
		middle := (parses + breaks) / 2
		changes, err := p.tryPlan(touching[:middle])
		if err != nil {
			return nil, err
		}
		bad := false
		for _, c := range changes {
			bad = bad || p.graph.ModuleAt(c.Name) == m && verify(m.Tree, c.New) != ""
		}
		if bad {
			breaks = middle
		} else {
			parses = middle
		}
	}
	return touching[breaks-1], nil
}

func (p *program) tryPlan(actions []*action) ([]edits.Change, error) {
	plan := edits.NewPlan()
	imports := map[*pymodule.Module][]pyedit.Import{}
	for _, a := range actions {
		if !a.changes() {
			continue
		}
		if err := p.add(plan, a); err != nil {
			a.refuse(err.Error())
			continue
		}
		for _, part := range a.parts() {
			imports[part.module] = append(imports[part.module], part.top...)
		}
	}
	modules := make([]*pymodule.Module, 0, len(imports))
	for m := range imports {
		modules = append(modules, m)
	}
	sort.Slice(modules, func(i, j int) bool { return modules[i].Path < modules[j].Path })
	for _, m := range modules {
		needs := uniqueImports(imports[m])
		if len(needs) == 0 {
			continue
		}
		e, err := pyedit.EnsureImports(m.Tree, needs, p.styles.of(m))
		if err == nil && len(e) > 0 {
			err = plan.Add(edits.Fix{ID: "imports of " + m.Path, Files: []edits.FileEdits{{Path: p.byModule[m].Path, Edits: e}}})
		}
		if err != nil {
			// Without its imports the file cannot have its other edits: leave it as it is, and say so.
			for _, a := range actions {
				if slices.ContainsFunc(a.parts(), func(e elsewhere) bool { return e.module == m && len(e.top) > 0 }) {
					a.refuse("its imports cannot be added: " + err.Error())
				}
			}
			return p.tryPlan(actions)
		}
	}
	changes := plan.Changes()
	for i, c := range changes {
		changes[i] = p.laidOut(c)
	}
	return changes, nil
}

// laidOut is a change whose statements have their lines as the formatter would break them.
func (p *program) laidOut(c edits.Change) edits.Change {
	list := pylayout.Edits(c.Content, c.Edits, p.styles.layout(p.graph.ModuleAt(c.Name)))
	changed, err := edits.Apply(c.Content, list)
	if err != nil {
		return c // the statements are right as they are, only their lines are not
	}
	return edits.Change{Baseline: c.Baseline, Edits: list, New: changed}
}

// add puts all parts of an action into the plan, or none.
func (p *program) add(plan *edits.Plan, a *action) error {
	fix := edits.Fix{ID: fmt.Sprintf("%s %s:%d", a.findings[0].Rule, a.findings[0].File, a.findings[0].Line)}
	local, err := p.localImports(a)
	if err != nil {
		return err
	}
	byFile := map[string][]edits.Edit{}
	for i, part := range a.parts() {
		f := p.byModule[part.module]
		if err := plan.AddFile(baseline(f)); err != nil {
			return err
		}
		byFile[f.Path] = append(byFile[f.Path], part.edits...)
		if i == 0 {
			byFile[f.Path] = append(byFile[f.Path], local...)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(byFile)) {
		fix.Files = append(fix.Files, edits.FileEdits{Path: path, Edits: byFile[path]})
	}
	err = plan.Add(fix)
	var conflict *edits.ConflictError
	if err != nil && !errors.As(err, &conflict) {
		err = fmt.Errorf("internal error: %w", err)
	}
	return err
}

// localImports are the edits that import inside functions what an action needs there.
func (p *program) localImports(a *action) ([]edits.Edit, error) {
	var out []edits.Edit
	needs := map[*pymodule.Function][]pyedit.Import{}
	var functions []*pymodule.Function
	for _, l := range a.local {
		if needs[l.function] == nil {
			functions = append(functions, l.function)
		}
		needs[l.function] = append(needs[l.function], l.imports...)
	}
	for _, f := range functions {
		e, err := pyedit.EnsureLocalImports(a.module.Tree, f.Node, uniqueImports(needs[f]), p.styles.of(a.module))
		if err != nil {
			return nil, err
		}
		out = append(out, e...)
	}
	return out, nil
}

// refuse takes an action out of the plan: its findings stay, as reports.
func (a *action) refuse(why string) []Finding {
	a.edits, a.top, a.local, a.also = nil, nil, nil, nil
	for i := range a.findings {
		if a.findings[i].Fixable {
			a.findings[i].Fixable = false
			a.findings[i].Advice = "not edited: " + why
		}
	}
	return a.findings
}

// refused is what is left of an action that is taken back before it is planned.
func (a *action) refused(why string) *action {
	return &action{module: a.module, findings: a.refuse(why), loads: a.loads}
}

func uniqueImports(needs []pyedit.Import) []pyedit.Import {
	seen := map[pyedit.Import]bool{}
	var out []pyedit.Import
	for _, n := range needs {
		if !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Module != out[j].Module {
			return out[i].Module < out[j].Module
		}
		return out[i].Name < out[j].Name
	})
	return out
}

// baseline is a file as edits knows it.
func baseline(f *source.File) edits.Baseline {
	return edits.Baseline{Path: f.Path, Real: f.Real, Name: f.Name, Content: f.Content, Mode: f.Mode}
}
