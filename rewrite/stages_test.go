package rewrite

import (
	"context"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/source"
)

// Staged is a run whose stages the benchmarks start one by one, each on what the one before left. Every stage can be run
// again.
type Staged struct {
	p       *program
	rules   []rule
	modules []*pymodule.Module
	changes []edits.Change
}

// NewStaged reads the files.
func NewStaged(ctx context.Context, o Options) (*Staged, error) {
	rules, err := o.selected()
	if err != nil {
		return nil, err
	}
	p, err := read(ctx, o)
	return &Staged{p: p, rules: rules}, err
}

// Parse makes the modules.
func (s *Staged) Parse(ctx context.Context) (err error) {
	s.p.parsed, s.p.lines, s.p.byModule = 0, 0, map[*pymodule.Module]*source.File{}
	s.modules, err = s.p.parse(ctx, s.p.options.jobs())
	return err
}

// Index links the modules, and finds what is mapped.
func (s *Staged) Index(context.Context) error {
	s.p.graph = pymodule.Link(s.modules)
	s.p.index = mapper.Build(s.p.graph)
	return nil
}

// Flow follows every object.
func (s *Staged) Flow(ctx context.Context) (err error) {
	s.p.flow, err = loadflow.Analyze(ctx, s.p.graph, s.p.index, loadflow.Settings{Jobs: s.p.options.jobs()})
	return err
}

// Plan runs the rules and makes the edits.
func (s *Staged) Plan(ctx context.Context) (err error) {
	_, s.changes, err = s.p.pass(ctx, s.rules)
	return err
}

// Diff makes the patch.
func (s *Staged) Diff(context.Context) error {
	for _, c := range s.changes {
		c.Unified(3)
	}
	return nil
}
