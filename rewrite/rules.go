package rewrite

import (
	"fmt"
	"slices"
)

// Rule is one thing that lazyfix looks for. The texts are shown by `lazyfix rule` and docs/rules.md is made from them.
type Rule struct {
	Name    string
	Summary string // one line
	Doc     string // what it does, why, how safe it is, which SQLAlchemy; plain text with blank lines between paragraphs
	Before  string // Python
	After   string // Python
	Safety  string // "safe", "unsafe" or "report"
}

// rules is the fixed list. A new rule is a file of its own and a line here.
var rules = []rule{
	implicitLazy,
	noload,
	eagerModel,
	expireOnCommit,
	missingEagerLoad,
	unloadedAfterCommit,
	undecidedRead,
}

// Rules is the fixed list of rules.
func Rules() []Rule {
	out := make([]Rule, len(rules))
	for i, r := range rules {
		out[i] = r.Rule
	}
	return out
}

// selected are the rules that the options ask for.
func (o Options) selected() ([]rule, error) {
	for _, name := range slices.Concat(o.Select, o.Ignore) {
		if !slices.ContainsFunc(rules, func(r rule) bool { return r.Name == name }) {
			return nil, fmt.Errorf("unknown rule %q", name)
		}
	}
	var out []rule
	for _, r := range rules {
		if o.runs(r.Name) {
			out = append(out, r)
		}
	}
	return out, nil
}

// check says what setting cannot be used.
func (o Options) check() error {
	if _, err := o.lazy(); err != nil {
		return err
	}
	if o.Eager != "" && o.Eager != "keep" && o.Eager != "move" {
		return fmt.Errorf("eager must be keep or move, not %q", o.Eager)
	}
	if o.ToOne != "" && o.ToOne != "selectinload" && o.ToOne != "joinedload" {
		return fmt.Errorf("to-one must be selectinload or joinedload, not %q", o.ToOne)
	}
	return nil
}

// runs reports whether a rule is among those that are run.
func (o Options) runs(rule string) bool {
	return (len(o.Select) == 0 || slices.Contains(o.Select, rule)) && !slices.Contains(o.Ignore, rule)
}

// lazy is the strategy that relationships get.
func (o Options) lazy() (string, error) {
	switch o.Lazy {
	case "":
		return "raise_on_sql", nil
	case "raise_on_sql", "raise", "noload":
		return o.Lazy, nil
	}
	return "", fmt.Errorf("lazy must be raise_on_sql, raise or noload, not %q", o.Lazy)
}
