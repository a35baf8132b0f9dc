package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A function may load something where its callers bring no options:
//
//	options = options or [selectinload(Order.items)]
//
// Such an option is marked by the parameter that takes its place. A call that brings options has it no longer.

// instead marks the options in v, which an expression gives where a parameter is None or empty.
func (x *interp) instead(v value, param int) value {
	if param < 0 || !hasOption(v) {
		return v
	}
	return x.a.rewrite(v, func(a *atom) []*atom {
		if a.kind != option {
			return []*atom{a}
		}
		return []*atom{x.a.t.insteadOf(a, x.u.key, param)}
	})
}

func (t *table) insteadOf(a *atom, u *unitKey, param int) *atom {
	o := *a.opt
	o.instead, o.param, o.stood, o.columns = u, param, u == nil && !o.first, false
	return t.option(&o)
}

// paramNamed is the index of the parameter that a name is, -1 for anything else.
func (x *interp) paramNamed(n pysyntax.Node) int {
	if x.t.Kind(n) == pysyntax.Identifier {
		return x.paramCalled(x.t.Text(n))
	}
	return -1
}

func (x *interp) paramCalled(name string) int {
	if f := x.u.key.fn; f != nil {
		return f.ParamIndex(name)
	}
	return -1
}

// emptyWhere is the parameter that is None or empty where `options = [...]` stands: under `if options is None:` or `if not
// options:`; -1 for any other assignment.
func (x *interp) emptyWhere(target pysyntax.Node) int {
	t := x.t
	param := x.paramNamed(target)
	up := t.Enclosing(target, pysyntax.IfStatement, pysyntax.FunctionDefinition)
	if param < 0 || t.Kind(up) != pysyntax.IfStatement || !t.Contains(t.Child(up, pysyntax.FieldConsequence), target) {
		return -1
	}
	switch name := t.Text(target); strings.Join(strings.Fields(t.Text(t.Child(up, pysyntax.FieldCondition))), " ") {
	case name + " is None", "not " + name:
		return param
	}
	return -1
}

// insteadOf are what is left of an option that has to do with a parameter, after a call that gives it an argument.
func (x *interp) insteadOf(a *atom, callee *unitKey, given value, call pysyntax.Node) []*atom {
	if a.opt.columns {
		return x.columnsGiven(a, callee.fn, call)
	}
	return x.insteadOfOptions(a, given)
}

// insteadOfOptions are what is left of options that stand in for a parameter, after a call that gives it an argument.
func (x *interp) insteadOfOptions(a *atom, given value) []*atom {
	var passedOn *atom
	for _, b := range flatten(given) {
		switch b.kind {
		case option:
			return nil
		case optionParam:
			passedOn = b
		}
	}
	if passedOn != nil {
		return []*atom{x.a.t.insteadOf(a, passedOn.unit, passedOn.param)}
	}
	return []*atom{x.a.t.insteadOf(a, nil, 0)}
}
