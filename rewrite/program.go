package rewrite

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync/atomic"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
	"github.com/lazyfix/lazyfix/rewrite/internal/source"
	"golang.org/x/sync/errgroup"
)

// program is everything that the rules look at. After load, what they look at is changed by --eager move alone, between the
// passes of a run; what else changes stands in two groups of its own.
type program struct {
	options   Options
	root      string
	part      bool // the paths leave out some of the program below root
	files     []source.File
	templates []source.File
	byModule  map[*pymodule.Module]*source.File
	graph     *pymodule.Graph
	index     *mapper.Index
	flow      *loadflow.Flow // --eager move takes another
	styles    *styles
	recorded  *recordings // nil without evidence
	eager     *eagerMove  // nil unless asked for
	// firm is why relationships are held back with --unsafe, too: see keepAwaited.
	firm    map[*mapper.Relationship]string
	noloads noloads
	// loadProblems are those that were there before any rule ran.
	loadProblems []Problem
	parsed       int
	lines        int

	memos // what rules ask for again and again: see memo.go
	notes
}

// notes are what a pass leaves for what comes behind it.
type notes struct {
	problems []Problem // of this pass
	// checkProblems are those before anything was planned.
	checkProblems []Problem
	// handing are the calls that get loader options of their own, and hand on what comes by a parameter beside them: findHanding
	// says so before any target is edited.
	handing map[targetKey]parameter
	// withFakes are the modules of the fakes that were given a parameter, by any pass: see fakesFirst.
	withFakes map[*pymodule.Module]bool
}

// read finds and reads the files.
func read(ctx context.Context, o Options) (*program, error) {
	found := source.Options{
		Paths: o.Paths, Exclude: o.Exclude, ForceExclude: o.ForceExclude, NoIgnore: o.NoIgnore, Tracked: o.Tracked,
		Stdin: o.Stdin, StdinName: o.StdinName, Open: o.Open, Jobs: o.jobs(), Progress: o.tell(Reading),
	}
	root, files, problems, err := source.Load(ctx, found)
	if err != nil {
		return nil, err
	}
	files = slices.DeleteFunc(files, func(f source.File) bool { return isMigration(f.Name) && !slices.Contains(o.Paths, f.Path) })
	var templates []source.File
	files = slices.DeleteFunc(files, func(f source.File) bool {
		if f.Template {
			templates = append(templates, f)
		}
		return f.Template
	})
	p := &program{options: o, root: root, files: files, templates: templates, byModule: map[*pymodule.Module]*source.File{}, styles: newStyles(root)}
	for _, pr := range problems {
		p.problems = append(p.problems, Problem(pr))
	}
	for _, list := range [][]source.File{files, templates} {
		for i := range list {
			p.problems = append(p.problems, heedComments(&list[i])...)
		}
	}
	return p, p.findPart(ctx, found)
}

// IsPattern reports whether a text can be one of Options.Exclude.
func IsPattern(text string) bool { return source.IsPattern(text) }

// jobs is the number of workers.
func (o Options) jobs() int {
	if o.Jobs > 0 {
		return o.Jobs
	}
	return runtime.GOMAXPROCS(0)
}

// analyze parses, links and follows the program.
func (p *program) analyze(ctx context.Context) error {
	if err := p.link(ctx); err != nil {
		return err
	}
	settings := loadflow.Settings{
		Jobs: p.options.jobs(), Progress: p.options.tell(Following), Forgets: p.forgets(),
		Watch: p.options.watched(p.index), Joins: p.options.ToOne == "joinedload", Reached: p.options.Reads,
		AwaitedRaises: p.options.Unsafe, // which gives relationships a lazy= that are held back for it
	}
	if p.options.Evidence != nil {
		p.recorded = p.recordings()
		p.problems = append(p.problems, p.recorded.warnings()...)
		settings.Recorded = p.recorded.fitting
	}
	if err := p.follow(ctx, settings); err != nil {
		return err
	}
	p.loadProblems = p.problems
	return p.keepAwaited()
}

// link parses the files and finds the models.
func (p *program) link(ctx context.Context) error {
	var modules []*pymodule.Module
	if p.concerned() {
		parsed, err := p.parse(ctx, p.options.jobs())
		if err != nil {
			return err
		}
		modules = slices.Concat(parsed, p.parseTemplates(parsed), p.parseSchemas(parsed))
	}
	p.graph = pymodule.Link(modules)
	p.memos = newMemos(p.graph)
	p.index = mapper.Build(p.graph)
	return nil
}

// follow follows the objects.
func (p *program) follow(ctx context.Context, settings loadflow.Settings) (err error) {
	if !p.followed() {
		p.flow = &loadflow.Flow{Settled: true}
		return nil
	}
	if p.flow, err = loadflow.Analyze(ctx, p.graph, p.index, settings); err != nil {
		return err
	}
	for _, f := range p.flow.Failed {
		p.problems = append(p.problems, Problem{
			Path: f.Module.Path, Line: f.Module.Tree.Line(f.Node),
			Reason: "lazyfix could not follow what is here, which is a defect of lazyfix (" + f.What + "): reads are missing; please report it",
		})
	}
	if !p.flow.Settled {
		p.problems = append(p.problems, Problem{Path: ".", Reason: "the load flow was cut at its bound of work, before it had settled; some reads may be missing: run lazyfix on a part of the tree, or exclude = [\"tests\"]", Warning: true})
	}
	return nil
}

// isMigration reports whether a file is one of Alembic's: it keeps the models and queries of its time, and nobody reads
// relationships of today's models there.
func isMigration(name string) bool {
	return strings.Contains("/"+name, "/alembic/versions/") || strings.Contains("/"+name, "/migrations/versions/")
}

const (
	python2    = "is Python 2 here"
	inConflict = "has an unresolved merge conflict here"
)

// conflictLine is the line of the first mark of a merge conflict in a text that does not parse, 0 when there is none.
func conflictLine(text []byte) int {
	number := 0
	for line := range bytes.Lines(text) {
		number++
		if bytes.HasPrefix(line, []byte("<<<<<<< ")) {
			return number
		}
	}
	return 0
}

// maxDepth bounds all that follows a tree by recursion, and what costs the square of the depth. CPython refuses what is
// nested deeper than some thousand levels too, a bracket in a bracket after 200.
const maxDepth = 3000

// parse makes the modules, each file on its own.
func (p *program) parse(ctx context.Context, jobs int) ([]*pymodule.Module, error) {
	type outcome struct {
		module  *pymodule.Module
		problem *Problem
	}
	outs := make([]outcome, len(p.files))
	var parsed atomic.Int64
	tell := p.options.tell(Parsing)
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(jobs)
	const chunk = 32
	for start := 0; start < len(p.files); start += chunk {
		group.Go(func() error {
			parser := pysyntax.NewParser()
			defer parser.Close()
			for i := start; i < min(start+chunk, len(p.files)); i++ {
				if gctx.Err() != nil {
					return gctx.Err()
				}
				if tell != nil {
					tell(int(parsed.Add(1)), len(p.files))
				}
				outs[i].module, outs[i].problem = parseFile(parser, &p.files[i])
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var modules []*pymodule.Module
	for i, o := range outs {
		if o.problem != nil {
			p.problems = append(p.problems, *o.problem)
		}
		if o.module != nil {
			modules = append(modules, o.module)
			p.byModule[o.module] = &p.files[i]
			p.parsed++
			p.lines += o.module.Tree.LineCount()
		}
	}
	sort.SliceStable(p.problems, func(i, j int) bool { return p.problems[i].Path < p.problems[j].Path })
	return modules, nil
}

// parseFile is the module of one file, nil where it is not read, and what is wrong with it. A file that a merge left in conflict,
// or that is of Python 2, is marked as not to be edited.
func parseFile(parser *pysyntax.Parser, f *source.File) (*pymodule.Module, *Problem) {
	tree, err := parser.Parse(f.Text)
	if err != nil {
		return nil, &Problem{Path: f.Name, Reason: err.Error(), Unseen: true}
	}
	if tree.Depth() > maxDepth {
		return nil, &Problem{Path: f.Name, Reason: fmt.Sprintf("is nested deeper than %d levels: not read", maxDepth), Unseen: true}
	}
	var problem *Problem
	if tree.HasError(tree.Root()) {
		problem = &Problem{Path: f.Name, Line: errorLine(tree), Reason: "does not parse here; the rest of the file was read, but it is not edited around this place"}
		if line := conflictLine(f.Text); line > 0 {
			problem = &Problem{Path: f.Name, Line: line, Reason: inConflict + ": the file was read, but it is not edited"}
			f.Editable, f.WhyNot = false, inConflict
		}
	}
	if old := tree.Python2(); old != pysyntax.Nil {
		problem = &Problem{Path: f.Name, Line: tree.Line(old), Reason: python2 + ": the file was read, but it is not edited"}
		f.Editable, f.WhyNot = false, python2
	}
	return pymodule.Extract(f.Name, tree), problem
}

// errorLine is the line to name for a file that does not parse: of the innermost first error.
func errorLine(t *pysyntax.Tree) int {
	n := t.FirstError()
	if n == pysyntax.Nil {
		return 0
	}
	for c := range t.Within(n) {
		if c != n && t.Kind(c) == pysyntax.Error {
			n = c
		}
	}
	return t.Line(n)
}

// editable says why a node must not be edited, "" when it may be.
func (p *program) editable(m *pymodule.Module, n pysyntax.Node) string {
	f := p.byModule[m]
	switch {
	case f == nil:
		return "the file was not read"
	case !f.Editable:
		return f.WhyNot
	case !m.Tree.HasError(m.Tree.Root()):
		return ""
	}
	top := n
	for m.Tree.Parent(top) != m.Tree.Root() && m.Tree.Parent(top) != pysyntax.Nil {
		top = m.Tree.Parent(top)
	}
	if m.Tree.HasError(top) {
		return fmt.Sprintf("the code around it does not parse (line %d)", errorLine(m.Tree))
	}
	return ""
}

func (p *program) place(m *pymodule.Module, n pysyntax.Node) Place {
	return Place{File: p.byModule[m].Name, Line: m.Tree.Line(n), Column: m.Tree.Column(n)}
}
