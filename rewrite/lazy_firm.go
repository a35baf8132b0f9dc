package rewrite

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What the greenlet loads by itself works for any object. --unsafe gives its relationships a strategy that raises, with loader
// options for these reads: where one of them is of an object that no option loads it for, a new one or one that comes from nowhere, the
// relationship is held back all the same. What a listener or a validator gets comes from nowhere. A function with a sync session is
// its user's to look at.

// withSyncSession reports whether the code loads since its function has a sync session.
func (c loadingCode) withSyncSession() bool {
	for _, by := range []string{"in the event listener ", "in an event listener", "in the validator ", "in what run_sync() gets", "in what greenlet_spawn() gets"} {
		if strings.HasPrefix(c.what, by) {
			return false
		}
	}
	return true
}

func (h *held) insist(r *mapper.Relationship, why string) {
	if h.firm[r] == "" {
		h.firm[r] = why
	}
}

// firmly is why a relationship is held back with --unsafe, too, "" where it is not.
func (h *held) firmly(r *mapper.Relationship) string {
	if h.firm[r] == "" {
		return ""
	}
	return h.of(r)
}

// insistUncovered holds a relationship for a read that no option covers. Without --unsafe nobody asks for what awaitable_attrs reads, so
// that only what the greenlet runs is known.
func (h *held) insistUncovered(w loadflow.Awaited, why string) {
	switch {
	case w.Unnamed:
		h.insist(w.Rel, why)
	case w.Unfollowed && w.Called, w.Unfollowed && !h.options.Unsafe: // it loads itself, or stands in code that nobody calls
	case w.Uncovered != "" && (!w.ByTest || h.options.Unsafe):
		h.insist(w.Rel, why+", "+w.Uncovered)
	case h.options.Unsafe && h.isUnasked(w):
		h.insist(w.Rel, why+", by a query that gets no loader option for it")
	}
}

// isUnasked reports whether some query behind a read gets no option in this run.
func (h *held) isUnasked(w loadflow.Awaited) bool {
	for _, u := range h.unasked {
		if read := u.need.Why[0]; read.Module == w.Module && read.Node == w.Node {
			return true
		}
	}
	return false
}

// follows reports whether the flow has the read of a relationship at a place, or in its line.
func (h *held) follows(m *pymodule.Module, at pysyntax.Node, r *mapper.Relationship) bool {
	return h.isAwaited(m, at, r, func(loadflow.Awaited) bool { return true })
}

// covers reports whether the flow has it, and options cover it.
func (h *held) covers(m *pymodule.Module, at pysyntax.Node, r *mapper.Relationship) bool {
	return h.isAwaited(m, at, r, func(w loadflow.Awaited) bool { return w.Uncovered == "" })
}

func (h *held) isAwaited(m *pymodule.Module, at pysyntax.Node, r *mapper.Relationship, fits func(loadflow.Awaited) bool) bool {
	for _, w := range h.flow.Awaited {
		if w.Rel == r && w.Module == m && m.Tree.Line(w.Node) == m.Tree.Line(at) && fits(w) {
			return true
		}
	}
	return false
}

// keepAwaited has relationships that are held back firmly go on loading themselves: an option for what awaitable_attrs reads would
// answer with what was loaded before something was added.
func (p *program) keepAwaited() error {
	if !p.options.Unsafe {
		return nil
	}
	p.firm = p.newHeld().firm
	if len(p.firm) == 0 {
		return nil
	}
	kept := map[*mapper.Relationship]bool{}
	for r := range p.firm {
		kept[r] = true
	}
	flow, err := p.flow.KeepingAwaited(kept)
	if err == nil {
		p.flow = flow
	}
	return err
}
