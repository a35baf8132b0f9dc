package main

import (
	"slices"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite"
)

// moved are findings as they stand after files were written: the lines that a report names are those that its reader sees. A
// place in the text of a message stays as it was.
func moved(findings []rewrite.Finding, changes []edits.Change, written []string) []rewrite.Finding {
	moves := map[string]*edits.Moves{}
	for _, c := range changes {
		if slices.Contains(written, c.Name) {
			moves[c.Name] = c.Moves()
		}
	}
	place := func(p *rewrite.Place) {
		if m := moves[p.File]; m != nil {
			p.Line, p.Column = m.At(p.Line, p.Column)
		}
	}
	steps := func(way []rewrite.Step) []rewrite.Step {
		way = slices.Clone(way)
		for i := range way {
			place(&way[i].Place)
		}
		return way
	}
	out := slices.Clone(findings)
	for i := range out {
		place(&out[i].Place)
		out[i].Why, out[i].More = steps(out[i].Why), slices.Clone(out[i].More)
		for k, way := range out[i].More {
			out[i].More[k] = steps(way)
		}
	}
	return out
}
