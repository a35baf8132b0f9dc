package main

import (
	"slices"
	"strings"

	"github.com/xrash/smetrics"

	"github.com/lazyfix/lazyfix/rewrite"
)

// suggest is " (did you mean X?)" for the name that is nearest, or nothing.
func suggest(wrong string, names []string, prefix string) string {
	best, score := "", 0.8 // as the cli library; below it, guesses are odd
	for _, name := range names {
		if got := smetrics.JaroWinkler(strings.ToLower(wrong), name, 0.7, 4); got > score {
			best, score = name, got
		}
	}
	if best == "" {
		return ""
	}
	return " (did you mean " + prefix + best + "?)"
}

// checkRules says which name is no rule; from names where it was written.
func checkRules(given []string, rules []rewrite.Rule, from string) error {
	names := ruleNames(rules)
	for _, name := range given {
		if !slices.Contains(names, name) {
			return usagef("%s: there is no rule %q%s; lazyfix rule lists them", from, name, suggest(name, names, ""))
		}
	}
	return nil
}

func ruleNames(rules []rewrite.Rule) []string {
	var names []string
	for _, r := range rules {
		names = append(names, r.Name)
	}
	return names
}
