package rewrite

import (
	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// action is what a rule wants done: the edits of one place, the imports that they need, and the findings that say so.
// Imports are kept apart from the edits, because those of all actions in a file are made at once.
type action struct {
	findings []Finding
	module   *pymodule.Module
	edits    []edits.Edit
	top      []pyedit.Import
	local    []localImport
	also     []elsewhere            // what must be done in other places for it, or none of it
	loads    []*mapper.Relationship // what it makes queries load
	tightens []*mapper.Relationship // what it makes raise
	of       []*mapper.Relationship // of a strategy: what each finding is about
}

// elsewhere is the part of an action that stands in another place, often another file.
type elsewhere struct {
	module *pymodule.Module
	edits  []edits.Edit
	top    []pyedit.Import
}

// changes reports whether the action edits anything.
func (a *action) changes() bool { return len(a.edits) > 0 || len(a.top) > 0 || len(a.also) > 0 }

// parts are all places of an action; its own first.
func (a *action) parts() []elsewhere {
	return append([]elsewhere{{a.module, a.edits, a.top}}, a.also...)
}

type localImport struct {
	function *pymodule.Function
	imports  []pyedit.Import
}

// rule is one entry of the list of rules.
type rule struct {
	Rule
	check func(*program) []*action
}
