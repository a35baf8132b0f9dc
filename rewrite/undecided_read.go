package rewrite

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

var undecidedRead = rule{
	Rule: Rule{
		Name:    "undecided-read",
		Summary: "reads of relationships whose query lazyfix did not find",
		Doc: `Reports a read of a relationship on an object whose query could not be found, or is not one that may be edited: the
function has no caller that lazyfix knows, the query is shared by several models, a deliberate option (raiseload, noload)
or lazy="noload" keeps the relationship from being loaded, and so on. It also reports a template that gets such objects and whose name is
made when the program runs, and getattr() for whatever a mapper lists: how much of that to load is for you to say. Each
comes with the reason and with what a person could do.

Nothing is written. A read that is right as it is can be silenced with ` + "`# lazyfix: ignore[undecided-read]`" + ` on its line.

SQLAlchemy 2.0 and 2.1.`,
		Before: "def label(order):  # who calls this?\n    return order.customer.name\n",
		After:  "def label(order):  # who calls this?\n    return order.customer.name\n",
		Safety: "report",
	},
	check: checkUndecidedRead,
}

func checkUndecidedRead(p *program) []*action {
	var out []*action
	for _, u := range p.flow.Undecided {
		last := u.Steps[len(u.Steps)-1]
		if last.ByModel && (u.Deliberate == "" || strings.HasPrefix(u.Deliberate, "noload")) {
			continue // the model itself loads it, or a query says that it is empty, where no read raises
		}
		if c := u.Column(); c.IsLeftOut() && (p.syncSite(u.Site) || u.Site == nil && p.syncPlace(u.Why[0].Module, u.Why[0].Node)) {
			continue
		}
		f := Finding{
			Rule: "undecided-read", Place: p.place(u.Why[0].Module, u.Why[0].Node),
			Message: pathText(u.Steps) + " is read, but " + u.Reason, Advice: u.Advice, Why: p.steps(u.Why), LoaderPath: pathText(u.Steps),
		}
		f.query = p.queryPlace(u.Site)
		f.markRecorded(u.Recorded)
		out = append(out, &action{module: u.Why[0].Module, findings: []Finding{f}})
	}
	out = append(out, p.emptyReads()...)
	for _, b := range p.flow.Blind {
		of := ""
		if len(b.Classes) > 0 {
			of = " of " + classNames(b.Classes)
		}
		out = append(out, &action{module: b.Module, findings: []Finding{{
			Rule: "undecided-read", Place: p.place(b.Module, b.Node),
			Message: "what is read" + of + " is not seen here: " + b.Reason, Advice: b.Advice,
		}}})
	}
	return out
}

// classNames are the names of some classes, as in "Customer, Order and Product".
func classNames(classes []*pymodule.Class) string {
	var names []string
	for _, c := range classes {
		if len(names) == 0 || names[len(names)-1] != c.Name { // they are sorted
			names = append(names, c.Name)
		}
	}
	if last := len(names) - 1; last > 0 {
		return strings.Join(names[:last], ", ") + " and " + names[last]
	}
	return names[0]
}

// queryPlace is where a statement is made: of a call that a function's query is for, that query.
func (p *program) queryPlace(s *loadflow.Site) Place {
	if s == nil {
		return Place{}
	}
	for s.Via != nil {
		s = s.Via
	}
	return p.place(s.Module, s.Node)
}
