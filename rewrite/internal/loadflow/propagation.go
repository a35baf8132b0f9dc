package loadflow

import (
	"context"
	"sort"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// wanted is one (origin, path) pair on its way to a query, with how it came about.
type wanted struct {
	origin *origin
	path   *path
	read   *read
	from   *wanted
	edge   *edge
	life   life
	// rekeyed is where the key of the relationship was set after the object was loaded.
	rekeyed *given
	// maybe is where a session.get() may give the object as it is held: its query is asked for nothing.
	maybe *given
	// behind is how many steps of path are of that object.
	behind    int
	forgotten bool     // the session answers it but for its strategy: see forgets.go
	other     bool     // it is another object than from, which that one was set to: its life is its own
	put       putting  // so, and it shares the life of from
	unit      *unitKey // where the object is at hand: that of the read, or of the caller that passes it
	// test: test code reads it, or calls what does. What tests read is no reason to change what the program loads; a
	// script that calls a test's factory is no test.
	test bool
	// recorded: a run recorded the read.
	recorded *Recorded
	cut      *cut // it goes no further than path: see cut.go
	back     bool // it counts only where the session of the object's query is closed: see closed_back.go
}

type siteKey struct {
	site   *Site
	entity int
}

// wayKey is where the paths start that are counted together.
type wayKey struct {
	origin *origin
	class  *pymodule.Class
}

type propagation struct {
	ctx     context.Context // of the run that it is part of
	a       *analysis
	seen    map[string]*wanted // by key
	merged  mergedWays
	ways    map[wayKey]map[*path]bool
	cuts    []*wanted
	queue   []*wanted
	bySite  map[siteKey][]*wanted
	unknown []*Undecided
	once    map[string]bool
	bySave  map[lifeKey][]*wanted
	expired []*Expired
	maybe   []*wanted // at the queries of objects that session.get() may give: see sameRow
	// alongside are those at queries that may load such an object along with another: see related_row.go, load_guarded.go
	alongside []*wanted
	dead      []*wanted      // ended at a parameter that nobody is known to pass a queried object to
	decided   map[*read]bool // reached a query, or an object that needs none
	holds     []Hold
	awaited   []Awaited
	spoiled   []spoiledRead
	backs     []*wanted // ways back, for when all others have gone their ways
	awaitedEnds
	failed      []Failure                      // of ours, in carrying a read
	idle        map[string]bool                // units that only stand for others (given_class.go)
	fresh       map[string]bool                // origins of new objects that are refreshed or merged
	given       map[string]map[*Site]bool      // by unit: the queries whose objects it returns
	models      map[string][][]*pymodule.Class // by place: see mixed.go
	stated      map[string][][]*pymodule.Class // likewise: see givesAnother
	statedSites map[string][]*Site             // likewise: the queries of those statements
	firsts      map[*Site][]firstIn            // see refreshed_first.go
	passed      map[*origin][]*atom            // see passedTo
	joinless    map[string]bool                // by place: see joinable.go
}

// newPropagation has nothing on its way yet: see pushReads.
func newPropagation(ctx context.Context, a *analysis, ids []string) *propagation {
	p := &propagation{
		ctx: ctx, a: a, ways: map[wayKey]map[*path]bool{}, seen: map[string]*wanted{}, bySite: map[siteKey][]*wanted{}, once: map[string]bool{},
		decided: map[*read]bool{}, given: map[string]map[*Site]bool{}, awaitedEnds: awaitedEnds{map[string]bool{}, map[string]string{}},
	}
	p.idle = a.idle(ids)
	p.findRefreshed(ids)
	p.findFirsts(ids)
	return p
}

// flow carries all reads to the queries that their objects come from. It can be asked again with other relationships moved or
// kept, of the same units.
func (a *analysis) flow(ctx context.Context, settled bool, moved map[*mapper.Relationship]bool) (*Flow, error) {
	a.moved = moved
	ids := sortedKeys(a.units)
	p := newPropagation(ctx, a, ids)
	p.pushReads(ids)
	if err := p.followAll(ids); err != nil {
		return nil, err
	}
	f := &Flow{Settled: settled, Failed: p.failures(ids), Blind: p.blind(ids)}
	if err := p.collect(f, ids); err != nil {
		return nil, err
	}
	if a.awaitedRaises {
		f.keeping = func(kept map[*mapper.Relationship]bool) (*Flow, error) {
			a.keepsAwaited = kept
			return a.flow(ctx, settled, moved)
		}
	}
	if len(a.watch) > 0 {
		f.again = func(moved map[*mapper.Relationship]bool) (*Flow, error) { return a.flow(ctx, settled, moved) }
	}
	return f, nil
}

// pushReads has all that the units read set out on its way, but for the awaited reads that load what they read.
func (p *propagation) pushReads(ids []string) {
	a := p.a
	for _, id := range ids {
		if p.idle[id] {
			continue
		}
		for _, r := range a.units[id].out.reads {
			if p.awaitedRead(r); r.loadsItself() && (!a.awaitedRaises || a.keepsAwaited[r.path.rel]) {
				continue
			}
			p.push(&wanted{origin: r.origin, path: r.path, read: r, unit: a.units[id].key})
		}
		for _, r := range a.units[id].out.cuts {
			p.cutOff(&wanted{origin: r.origin, path: r.path, read: r.read, unit: a.units[id].key}, r.cut)
		}
	}
}

// followAll carries the reads to their ends, one sort after the other: what a stage does with a read may depend on what those
// before it decided of others.
func (p *propagation) followAll(ids []string) error {
	if err := p.follow(); err != nil {
		return err
	}
	p.reportDead()
	if err := p.followColumns(ids); err != nil {
		return err
	}
	if err := p.followBacks(ids); err != nil {
		return err
	}
	if err := p.followRecorded(p.a.recorded); err != nil {
		return err
	}
	if err := p.followCuts(); err != nil {
		return err
	}
	for _, id := range ids {
		if p.idle[id] {
			continue
		}
		for _, r := range p.a.units[id].out.stale {
			p.expiredRead(r, r.origin, r.text)
		}
	}
	return nil
}

// failures are the reads and the functions that a defect of ours ended.
func (p *propagation) failures(ids []string) []Failure {
	out := p.failed
	for _, id := range ids {
		if u := p.a.units[id]; u.out.failed != "" {
			node := u.key.mod.Tree.Root()
			if u.key.fn != nil {
				node = u.key.fn.Node
			}
			out = append(out, Failure{u.key.mod, node, u.out.failed})
		}
	}
	return out
}

// collect fills f with what the reads came to. The demands go first: what is reported beside them depends on them, and adds to
// what is undecided and held.
func (p *propagation) collect(f *Flow, ids []string) (err error) {
	if p.a.reached != nil {
		p.a.reached = map[reachedKey]*Reached{}
	}
	p.followAlongside()
	p.followHeldAlong()
	p.joinless = p.joinlessSites(ids)
	if f.Demands, err = p.demands(); err != nil {
		return err
	}
	f.calls = p.callsOf(f.Demands)
	f.callers = p.statementCallers(f.Demands)
	f.LeftEmpty, f.Asked = p.findLeftEmpty(f.Demands), p.allAsked()
	p.markPublished(ids, f.Demands)
	p.reportMaybe(f.Demands)
	p.reportHeld(ids, f.Demands)
	p.reportSpoiled(f.Demands)
	f.Reached = p.allReached()
	f.Recorded = p.outcomes(p.a.recorded)
	f.Undecided = p.unknown
	f.Holds = p.allHolds(ids)
	f.Unknown = p.unknownNoloaded(ids)
	f.Works = p.allWorks(ids)
	f.handed = p.allHanded(ids)
	f.Awaited = p.allAwaited(ids)
	if f.Unnamed, err = p.allUnnamed(ids); err != nil {
		return err
	}
	f.Unloaded = p.unloadedObjects()
	f.Expired = p.expired
	sort.SliceStable(f.Expired, func(i, j int) bool { return lessHop(f.Expired[i].Why[0], f.Expired[j].Why[0]) })
	sort.SliceStable(f.Undecided, func(i, j int) bool { return lessHop(f.Undecided[i].Why[0], f.Undecided[j].Why[0]) })
	f.Sites = len(p.bySite)
	return nil
}
