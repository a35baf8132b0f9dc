package rewrite

import (
	"fmt"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// expiredReads reports what is read of what a session has expired, once for each place that expires: where the session is
// rolled back, or a function is called that does.
func (p *program) expiredReads() []*action {
	type place struct {
		module *pymodule.Module
		node   pysyntax.Node
	}
	by := map[place][]*loadflow.Expired{}
	var order []place
	for _, e := range p.flow.Expired {
		at := place{e.Why[1].Module, e.Why[1].Node}
		if by[at] == nil {
			order = append(order, at)
		}
		by[at] = append(by[at], e)
	}
	var out []*action
	for _, at := range order {
		out = append(out, p.expiredRead(by[at]))
	}
	return out
}

// expiredRead reports the reads of what one place expired.
func (p *program) expiredRead(reads []*loadflow.Expired) *action {
	e := reads[0]
	var why []loadflow.Hop
	for _, r := range reads {
		why = append(why, r.Why[0])
	}
	f := Finding{Rule: "unloaded-after-commit", Place: p.place(e.Why[0].Module, e.Why[0].Node), Why: p.steps(append(why, e.Why[1:]...))}
	by := e.By + "()"
	switch e.By {
	case "rollback":
		by = "a rollback"
	case "begin_nested":
		by = "the rollback of a savepoint"
	}
	f.Message = e.Text + " is read after " + by + ", which expired it"
	f.Advice = "read what you need before it, or refresh the object after it"
	if e.Columns {
		f.Message = e.Text + " is read after an UPDATE, and its " + e.Computed + " is computed by the database"
		f.Advice = `refresh the object after the flush, or set "eager_defaults": True in __mapper_args__`
	}
	if e.Columns && e.Computed == "column_property()" {
		f.Message = e.Text + " is read after a flush, and its column_property() is computed by queries only"
		f.Advice = "refresh the object after the flush"
	}
	if e.Columns && e.Set {
		f.Message = e.Text + " is read after a flush that sets it to an SQL expression"
		f.Advice = `refresh the object after the flush, or set a value of Python's`
	}
	if more := len(reads) - 1; more == 1 {
		f.Message += "; so is one more attribute"
	} else if more > 1 {
		f.Message += fmt.Sprintf("; so are %d more attributes", more)
	}
	return &action{module: e.Why[0].Module, findings: []Finding{f}}
}
