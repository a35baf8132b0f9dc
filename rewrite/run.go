package rewrite

import (
	"context"
	"fmt"
	"slices"
	"sort"

	"github.com/lazyfix/lazyfix/edits"
)

// Run reads the program, runs the rules and plans the edits. An error means that the settings cannot be used (an unknown
// rule or lazy value) or that ctx ended; everything about single files is in Result.Problems.
func Run(ctx context.Context, o Options) (*Result, error) {
	rules, err := o.selected()
	if err != nil {
		return nil, err
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	p, err := read(ctx, o)
	if err != nil {
		return nil, err
	}
	if o.Cache == "" {
		return p.run(ctx, rules)
	}
	key := p.cacheKey()
	if result := p.fromCache(key); result != nil {
		return result, nil
	}
	result, err := p.run(ctx, rules)
	if err == nil {
		p.toCache(key, result)
	}
	return result, err
}

// run analyses what was read, runs the rules and plans the edits.
func (p *program) run(ctx context.Context, rules []rule) (*Result, error) {
	if err := p.analyze(ctx); err != nil {
		return nil, err
	}
	var err error
	if p.eager, err = p.newEagerMove(rules); err != nil {
		return nil, err
	}
	var actions []*action
	var changes []edits.Change
	for again := true; again; {
		if actions, changes, err = p.pass(ctx, rules); err != nil {
			return nil, err
		}
		if again, err = p.eager.withdraw(actions); err != nil {
			return nil, err
		}
	}
	p.flow.Forget()
	p.eager = nil
	result := &Result{
		Root: p.root, Changes: changes, Problems: p.problems, Stats: p.stats(), Relationships: p.relationships(), Reads: p.reads(), Names: p.names(),
		Evidence: p.evidenced(),
		program:  p, loaded: p.checkProblems,
	}
	result.collect(actions)
	return result, nil
}

// collect takes over the findings of the actions, sorted, and what fixes they make.
func (r *Result) collect(actions []*action) {
	type found struct {
		Finding
		by *action
	}
	var all []found
	scopes := newScopes(r.program.graph)
	for _, a := range actions {
		sort.SliceStable(a.findings, func(i, j int) bool { return before(a.findings[i], a.findings[j]) })
		for i := range a.findings {
			a.findings[i].Scope = scopes.of(a.findings[i].Place)
			all = append(all, found{a.findings[i], a})
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return before(all[i].Finding, all[j].Finding) })
	var by []*action
	same := map[sameRead]int{} // where in r.Findings it is
	for _, f := range all {
		key := sameRead{f.Place, f.query, f.Message, f.Advice, f.Recorded}
		f.query = Place{}
		if i, ok := same[key]; ok && f.Rule == undecidedRead.Name {
			r.Findings[i].join(f.Finding)
			continue
		}
		if f.Rule == undecidedRead.Name {
			same[key] = len(r.Findings)
		}
		r.Findings = append(r.Findings, f.Finding)
		by = append(by, f.by)
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; len(f.More) > 0 {
			f.Message += fmt.Sprintf(" (by %d ways)", len(f.More)+1)
		}
	}
	r.fixes(by)
}

// sameRead is what undecided reads have in common that differ by their ways alone: to a query that several functions hand
// on there are as many ways as calls of the one times calls of the other.
type sameRead struct {
	read, query     Place
	message, advice string
	recorded        bool
}

// join takes in one that has the same to say of another way.
func (f *Finding) join(other Finding) {
	if len(other.Why) < len(f.Why) {
		f.Why, other.Why = other.Why, f.Why
	}
	f.More = append(f.More, other.Why)
}

// pass runs all rules once and plans what they want.
func (p *program) pass(ctx context.Context, rules []rule) ([]*action, []edits.Change, error) {
	p.problems = p.loadProblems[:len(p.loadProblems):len(p.loadProblems)]
	p.keepNoload()
	var actions []*action
	for _, r := range rules {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		for _, a := range r.check(p) {
			first := a.findings[0]
			if p.keep(a, rules) {
				actions = append(actions, a)
				continue
			}
			why := "a comment keeps an edit away that it needs"
			if first.Rule == undecidedRead.Name {
				why = first.Message
			}
			p.eager.keepAll(a, fmt.Sprintf("%s (%s:%d)", why, first.File, first.Line))
		}
	}
	actions = withoutAlike(actions)
	p.checkProblems = slices.Clone(p.problems)
	changes, err := p.plan(actions)
	return actions, changes, err
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

func (p *program) names() []string {
	var names []string
	for _, f := range p.files {
		names = append(names, f.Name)
	}
	slices.Sort(names)
	return names
}

func (p *program) stats() Stats {
	s := Stats{
		Files: len(p.files), Lines: p.lines, Parsed: p.parsed, Relationships: len(p.index.Relationships),
		Factories: len(p.index.Factories), Queries: p.flow.Sites, Functions: len(p.graph.Functions),
	}
	for _, r := range p.index.Relationships {
		if r.Lazy.Eager() {
			s.Eager++
		}
	}
	for _, m := range p.graph.Modules {
		s.Classes += len(m.Classes)
	}
	return s
}
