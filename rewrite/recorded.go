package rewrite

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// recordings lays what was recorded over the program as it is today. What does not fit is set aside with its reason.
type recordings struct {
	p       *program
	texts   map[string][]string         // the lines of a file, without their margins
	modules map[string]*pymodule.Module // by the name in a record
	fitting []*loadflow.Recorded
	kinds   []string // of fitting
	aside   []Evidenced
}

func (p *program) recordings() *recordings {
	r := &recordings{p: p, texts: map[string][]string{}, modules: map[string]*pymodule.Module{}}
	for _, one := range p.options.Evidence.records {
		r.add(one)
	}
	return r
}

func (r *recordings) add(one record) {
	aside := func(status EvidenceStatus, at recordedPlace, reason string) {
		r.aside = append(r.aside, Evidenced{
			Status: status, Place: Place{at.File, at.Line, 1}, LoaderPath: strings.Join(append([]string{one.Root.Name}, attributes(one.Path)...), "."),
			Kinds: []string{one.Kind}, Reason: reason,
		})
	}
	if len(one.Read) == 0 {
		aside(Elsewhere, recordedPlace{Line: 1}, "no file of the user reads it")
		return
	}
	at := one.Read[0]
	steps, why := r.steps(one)
	if why != "" {
		aside(Elsewhere, at, why)
		return
	}
	read, stale := r.spots(one.Read)
	if len(read) == 0 {
		if stale != nil {
			aside(Stale, *stale, staleText(*stale))
		} else {
			aside(Elsewhere, at, at.File+" is not among the files that were read")
		}
		return
	}
	out := &loadflow.Recorded{Read: read, Steps: steps}
	made := ""
	if len(one.Query) > 0 {
		made = fmt.Sprintf("%s:%d", one.Query[0].File, one.Query[0].Line)
	}
	switch {
	case pymodule.Last(functionName(at.Function)) == "__repr__":
		out.NoWay = "by a __repr__ alone, for logs and debuggers"
	case one.Statement == "new" && len(one.Query) > 0 && r.isTest(one.Query[0].File):
		aside(OnlyTests, at, "the object was made by a test, at "+made)
		return
	case one.Statement == "new":
		out.NoWay = "the object was made by the program when that was recorded, at " + cmp.Or(made, "a place that is not in it")
	case len(one.Query) == 0:
		out.NoWay = "no code of the program ran its query when that was recorded"
	default:
		if out.Query, stale = r.spots(one.Query); len(out.Query) == 0 && stale != nil {
			aside(Stale, *stale, staleText(*stale))
			return
		}
		if len(out.Query) == 0 {
			out.NoWay = "its query was recorded at " + made + ", which is not among the files that were read"
		}
	}
	r.fitting = append(r.fitting, out)
	r.kinds = append(r.kinds, one.Kind)
}

func staleText(at recordedPlace) string {
	return fmt.Sprintf("the line was %q when that was recorded: record again", at.Code)
}

// spots are the places as they are today, out to the first that has changed, which is stale. What is in files that were
// not read is left out.
func (r *recordings) spots(places []recordedPlace) (out []loadflow.Spot, stale *recordedPlace) {
	for _, at := range places {
		m := r.moduleAt(at.File)
		if m == nil {
			continue
		}
		line := r.today(m, at)
		if line == 0 {
			return out, &at
		}
		out = append(out, loadflow.Spot{Module: m, Line: line, Function: functionName(at.Function)})
	}
	return out, nil
}

// moduleAt is the module that a record calls so. The program may have run from another folder, in a container say: then it is
// the only one whose path ends so, or that the name ends in. That it is the same file, the lines must tell.
func (r *recordings) moduleAt(file string) *pymodule.Module {
	m, known := r.modules[file]
	if known {
		return m
	}
	if m = r.p.graph.ModuleAt(file); m == nil && file != "" {
		var found []*pymodule.Module
		for _, one := range r.p.graph.Modules {
			if strings.HasSuffix(one.Path, "/"+file) || strings.HasSuffix(file, "/"+one.Path) {
				found = append(found, one)
			}
		}
		if len(found) == 1 {
			m = found[0]
		}
	}
	r.modules[file] = m
	return m
}

// functionName is the innermost function with a def of what Python calls it, as lazyfix does: "A.f.g" for
// "A.f.<locals>.g.<locals>.<listcomp>". Before Python 3.11 it is the name alone.
func functionName(recorded string) string {
	return strings.Join(slices.DeleteFunc(strings.Split(recorded, "."), func(part string) bool { return strings.HasPrefix(part, "<") }), ".")
}

// today is the line of a place: its own where that still reads so, else the only one of its function that does, else 0.
func (r *recordings) today(m *pymodule.Module, at recordedPlace) int {
	lines := r.lines(m)
	reads := func(line int) bool { return line >= 1 && line <= len(lines) && lines[line-1] == at.Code }
	if reads(at.Line) {
		return at.Line
	}
	name := functionName(at.Function)
	found := 0
	for _, f := range m.Functions {
		if f.Qual != name && f.Name != name {
			continue
		}
		for line := m.Tree.Line(f.Node); line <= m.Tree.LineAt(m.Tree.End(f.Node)); line++ {
			if !reads(line) || line == found {
				continue
			}
			if found > 0 {
				return 0
			}
			found = line
		}
	}
	return found
}

func (r *recordings) lines(m *pymodule.Module) []string {
	known, ok := r.texts[m.Path]
	if !ok {
		for line := range bytes.Lines(r.p.byModule[m].Text) {
			known = append(known, string(bytes.TrimSpace(line)))
		}
		r.texts[m.Path] = known
	}
	return known
}

func (r *recordings) isTest(file string) bool {
	m := r.moduleAt(file)
	return m == nil || m.Test()
}

// steps are the relationships of the path, from the root entity on.
func (r *recordings) steps(one record) (out []loadflow.Step, why string) {
	root := r.rootOf(one)
	if root == nil {
		return nil, one.Root.Name + " is no mapped class of the files that were read"
	}
	class := root
	for _, text := range one.Path {
		owner, name, ok := strings.Cut(text, ".")
		if !ok || class == nil {
			return nil, strings.Join(one.Path, ", ") + " is no loader path of the files that were read"
		}
		rel := r.p.index.Relationship(class, name)
		for _, sub := range r.p.graph.Subclasses(class) {
			if rel == nil && sub.Name == owner {
				class, rel = sub, r.p.index.Relationship(sub, name)
			}
		}
		if rel == nil {
			return nil, fmt.Sprintf("%s has no relationship %s in the files that were read", class.Name, name)
		}
		out = append(out, loadflow.Step{Class: class, Rel: rel})
		class = rel.Target
	}
	return out, ""
}

func (r *recordings) rootOf(one record) *pymodule.Class {
	m := r.moduleAt(one.Root.File)
	if m == nil {
		return nil
	}
	for _, c := range m.Classes {
		if c.Qual == one.Root.Name && r.p.index.Class(c) != nil {
			return c
		}
	}
	return nil
}

func attributes(path []string) []string {
	out := make([]string, len(path))
	for i, step := range path {
		out[i] = step[strings.LastIndexByte(step, '.')+1:]
	}
	return out
}

// warnings are the problems that stale and foreign records are, one a place, so that none is passed over in silence.
func (r *recordings) warnings() []Problem {
	var out []Problem
	elsewhere := 0
	for _, e := range r.aside {
		switch e.Status {
		case Stale:
			out = append(out, Problem{Path: e.File, Line: e.Line, Reason: "this evidence is stale: " + e.Reason, Warning: true})
		case Elsewhere:
			elsewhere++
		}
	}
	if elsewhere > 0 {
		out = append(out, Problem{Path: ".", Reason: fmt.Sprintf("records of the evidence that are of files or models that were not read: %d", elsewhere), Warning: true})
	}
	slices.SortStableFunc(out, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), a.Line-b.Line, strings.Compare(a.Reason, b.Reason))
	})
	return slices.Compact(out)
}
