package rewrite

import (
	"context"
	"sort"
)

// Run reads the program, runs the rules and plans the edits. An error means that the settings cannot be used (an unknown
// rule or lazy value) or that ctx ended; everything about single files is in Result.Problems.
func Run(ctx context.Context, o Options) (*Result, error) {
	rules, err := o.selected()
	if err != nil {
		return nil, err
	}
	if _, err := o.lazy(); err != nil {
		return nil, err
	}
	p, err := load(ctx, o)
	if err != nil {
		return nil, err
	}
	var actions []*action
	for _, r := range rules {
		for _, a := range r.check(p) {
			if p.keep(a, rules) {
				actions = append(actions, a)
			}
		}
	}
	changes, err := p.plan(actions)
	if err != nil {
		return nil, err
	}
	result := &Result{Root: p.root, Changes: changes, Problems: p.problems, Stats: p.stats(), Relationships: p.relationships()}
	for _, a := range actions {
		result.Findings = append(result.Findings, a.findings...)
	}
	sort.SliceStable(result.Findings, func(i, j int) bool { return before(result.Findings[i], result.Findings[j]) })
	return result, nil
}

// keep takes out of an action the findings that a comment suppresses, or that belong to a rule that was not asked for;
// false when nothing is left of it.
func (p *program) keep(a *action, rules []rule) bool {
	wanted := map[string]bool{}
	for _, r := range rules {
		wanted[r.Name] = true
	}
	kept := a.findings[:0]
	for _, f := range a.findings {
		file := p.byModule[p.graph.ModuleAt(f.File)]
		if wanted[f.Rule] && (file == nil || !file.Suppress.Suppressed(f.Line, f.Rule)) {
			kept = append(kept, f)
		}
	}
	a.findings = kept
	return len(kept) > 0
}

func before(a, b Finding) bool {
	if a.File != b.File {
		return a.File < b.File
	}
	if a.Line != b.Line {
		return a.Line < b.Line
	}
	if a.Column != b.Column {
		return a.Column < b.Column
	}
	return a.Rule < b.Rule
}

func (p *program) stats() Stats {
	s := Stats{
		Files: len(p.files), Lines: p.lines, Parsed: p.parsed, Relationships: len(p.index.Relationships),
		Factories: len(p.index.Factories), Queries: p.flow.Sites, Functions: len(p.graph.Functions),
	}
	for _, m := range p.graph.Modules {
		s.Classes += len(m.Classes)
	}
	return s
}
