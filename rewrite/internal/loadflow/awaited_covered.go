package loadflow

import "github.com/lazyfix/lazyfix/rewrite/internal/mapper"

// A read in the greenlet works today whatever its object is. Once its relationship raises, it works where each of its ways ends at a
// query that is asked for it, or at what the program set: for any other, the relationship must stay as it is. What is queried of a
// test is no such end, as tests change no query.

// awaitedEnds is how the ways of reads in the greenlet end, by readID.
type awaitedEnds struct {
	covered   map[string]bool
	uncovered map[string]string
}

const byTest = "of an object of a test"

// runsInGreenlet reports whether a want's read is run in the greenlet, on this way at least.
func (w *wanted) runsInGreenlet() bool { return w.life.sync || awaits(w.read) != "" }

// covers notes that a way ends where the relationship is loaded, or set.
func (p *propagation) covers(w *wanted) {
	if w.runsInGreenlet() {
		p.covered[readID(w.read)] = true
	}
}

// uncovers notes that a way ends elsewhere.
func (p *propagation) uncovers(w *wanted, why string) {
	if !w.runsInGreenlet() {
		return
	}
	id := readID(w.read)
	if old := p.uncovered[id]; old == "" || old == byTest {
		p.uncovered[id] = why
	}
}

// uncoveredReads says of the reads in the greenlet why an option does not do for them. Of those that load themselves, nobody asked.
func (p *propagation) uncoveredReads() {
	for i := range p.awaited {
		w := &p.awaited[i]
		switch id := w.id; {
		case p.uncovered[id] != "":
			w.Uncovered, w.ByTest = p.uncovered[id], p.uncovered[id] == byTest
		case !p.covered[id]:
			w.Uncovered, w.Unfollowed = "of an object that no query is known to give", true
		}
	}
}

// KeepingAwaited is the flow as it is where these relationships go on loading themselves in the greenlet: what is read there is asked of
// no query. Only with Settings.AwaitedRaises.
func (f *Flow) KeepingAwaited(kept map[*mapper.Relationship]bool) (*Flow, error) {
	return f.keeping(kept)
}
