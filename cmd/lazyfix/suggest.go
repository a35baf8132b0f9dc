package main

import (
	"slices"

	"github.com/lazyfix/lazyfix/internal/nearest"
	"github.com/lazyfix/lazyfix/rewrite"
)

// suggest is " (did you mean X?)" for the name that is nearest, or nothing.
func suggest(wrong string, names []string, prefix string) string {
	best := nearest.Name(wrong, names)
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

// checkSome refuses to select and ignore such rules that none is left: it would find nothing, and pass every check.
func checkSome(selected, ignored []string, rules []rewrite.Rule) error {
	if len(selected) == 0 {
		selected = ruleNames(rules)
	}
	if len(ignored) == 0 || slices.ContainsFunc(selected, func(name string) bool { return !slices.Contains(ignored, name) }) {
		return nil
	}
	return usagef("no rule is left to run: ignore (of the flag or the configuration) has each that is selected: %s", list(selected))
}

func ruleNames(rules []rewrite.Rule) []string {
	var names []string
	for _, r := range rules {
		names = append(names, r.Name)
	}
	return names
}
