package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/cmd/lazyfix/internal/traceback"
	"github.com/lazyfix/lazyfix/rewrite"
)

// maxCures bounds the queries that one read may have had its object from: of more, the traceback tells too little.
const maxCures = 3

// find gives the fixes that cure a failure, or why there is none.
func (c curer) find(f traceback.Failure, at []frame) (fixes []int, why string) {
	if f.Expired {
		return c.expired()
	}
	attr := attrOf(f, at)
	if len(at) == 0 && attr == "" {
		return nil, "No frame of it is in a file of this program, and it does not name what was read: name the program's folder after the traceback."
	}
	best, score := c.candidates(f, at, attr)
	if len(best) == 0 {
		return nil, c.unknown(at, attr)
	}
	for _, i := range best {
		n := slices.IndexFunc(c.result.Fixes, func(fix rewrite.Fix) bool { return slices.Contains(fix.Findings, i) })
		if n >= 0 && c.result.Findings[i].Fixable && !slices.Contains(fixes, n) {
			fixes = append(fixes, n)
		}
	}
	switch {
	case len(fixes) == 0:
		c.finding(c.result.Findings[best[0]])
		return nil, "So there is no edit that lazyfix could make."
	case len(fixes) > maxCures || len(fixes) > 1 && score < atRead/2:
		return nil, fmt.Sprintf("%d queries can have given the object, and the traceback does not tell which; lazyfix --dry-run shows the edits of all.", len(fixes))
	}
	return fixes, ""
}

// The scores of a finding, by what speaks for it. What meets a frame by its function alone counts half: its line can have
// moved, and FastAPI names that of the def.
const (
	atRead   = 10000 // it is read at the innermost frame
	onWay    = 1000  // the innermost frame is a step of its way
	itsPath  = 100   // it ends in what was read
	eachStep = 2     // another frame is a step of its way
)

// candidates are the findings, by index, that most speaks for; all have the same score.
func (c curer) candidates(f traceback.Failure, at []frame, attr string) (best []int, score int) {
	for i, finding := range c.result.Findings {
		if finding.Rule != "missing-eager-load" && finding.Rule != undecidedRule || finding.LoaderPath == "" {
			continue
		}
		got := scoreOf(finding, at, attr)
		for _, way := range finding.More { // the same of another way, which may be the one that was gone
			finding.Why = way
			got = max(got, scoreOf(finding, at, attr))
		}
		if len(at) > 0 && got < onWay/2 { // another read of the same relationship
			continue
		}
		if attr != "" && !slices.Contains(strings.Split(finding.LoaderPath, ".")[1:], attr) || got < itsPath || !c.ofClass(finding, f) {
			continue
		}
		if got > score {
			best, score = nil, got
		}
		if got == score {
			best = append(best, i)
		}
	}
	return best, score
}

func scoreOf(f rewrite.Finding, at []frame, attr string) int {
	score := 0
	for k, one := range at {
		best := 0
		for i, step := range f.Why {
			worth := eachStep
			switch {
			case k == 0 && i == 0:
				worth = atRead
			case k == 0:
				worth = onWay
			}
			best = max(best, worth*one.meets(step)/2)
		}
		score += best
	}
	if attr != "" && strings.HasSuffix(f.LoaderPath, "."+attr) {
		score += itsPath
	}
	return score
}

// meets is 2 for a step in the frame's line, 1 for one in its function alone.
func (f frame) meets(s rewrite.Step) int {
	switch {
	case s.File != f.name:
		return 0
	case s.Line == f.Line:
		return 2
	case f.Function != "" && s.Scope[strings.LastIndexByte(s.Scope, '.')+1:] == f.Function:
		return 1
	}
	return 0
}

// ofClass: the class of the message is one that has the relationship. A subclass is named by its own name, so only a class
// that has another relationship of that name speaks against a finding.
func (c curer) ofClass(finding rewrite.Finding, f traceback.Failure) bool {
	first, rest, _ := strings.Cut(finding.LoaderPath, ".")
	if f.Class == "" || first == f.Class || rest != f.Attr {
		return true
	}
	return !slices.ContainsFunc(c.result.Relationships, func(r rewrite.Relationship) bool { return r.Class == f.Class && r.Name == f.Attr })
}

// expired is the cure of an attribute that a commit expired: the factory of the session.
func (c curer) expired() (fixes []int, why string) {
	for n, fix := range c.result.Fixes {
		if c.result.Findings[fix.Findings[0]].Rule == "expire-on-commit" {
			fixes = append(fixes, n)
		}
	}
	switch len(fixes) {
	case 0:
		return nil, "An attribute was read that a commit or rollback had expired, and lazyfix sees no session factory without expire_on_commit=False.\n" +
			"After a rollback that does not help either: await session.refresh(...) the object, or read what you need before."
	case 1:
		return fixes, ""
	}
	return nil, fmt.Sprintf("An attribute was read that a commit had expired. %d session factories lack expire_on_commit=False, and the traceback does not tell which made the session;\n"+
		"lazyfix --dry-run --select expire-on-commit shows the edits of all.", len(fixes))
}

// unknown says why nothing is known of a read.
func (c curer) unknown(at []frame, attr string) string {
	if len(at) == 0 {
		return fmt.Sprintf("No frame of it is in a file of this program, and no query here lacks an option for .%s.", attr)
	}
	c.nothing(c.result, at[0].name, at[0].Line)
	if attr != "" && !slices.ContainsFunc(c.result.Relationships, func(r rewrite.Relationship) bool { return r.Name == attr }) {
		return fmt.Sprintf("No relationship of this program is called %s.", attr)
	}
	return "So there is no edit that lazyfix could make: load it where the object is queried, or await session.refresh(...) it where it was just created."
}
