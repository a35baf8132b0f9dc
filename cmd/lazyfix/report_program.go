package main

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite"
)

// ofProgram takes out of a list what several findings of a rule say of all of the program. JSON and SARIF have each of them.
func ofProgram(findings []rewrite.Finding) (single []rewrite.Finding, program [][]rewrite.Finding) {
	for _, f := range findings {
		i := slices.IndexFunc(program, func(all []rewrite.Finding) bool { return all[0].Rule == f.Rule && all[0].Program == f.Program })
		switch {
		case f.Program == "":
		case i >= 0:
			program[i] = append(program[i], f)
		default:
			program = append(program, []rewrite.Finding{f})
		}
	}
	program = slices.DeleteFunc(program, func(all []rewrite.Finding) bool { return len(all) == 1 })
	for _, f := range findings {
		if !slices.ContainsFunc(program, func(all []rewrite.Finding) bool { return all[0].Rule == f.Rule && all[0].Program == f.Program }) {
			single = append(single, f)
		}
	}
	return single, program
}

// programText is one line for such findings.
func programText(all []rewrite.Finding) string {
	return plural(len(all), "relationship") + " in " + plural(count(all).files, "file") + " not edited: " + all[0].Program
}
