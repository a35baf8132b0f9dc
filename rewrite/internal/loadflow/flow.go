package loadflow

import (
	"context"
	"maps"
	"slices"
	"sort"
	"sync"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"golang.org/x/sync/errgroup"
)

// analysis is the state of a run between rounds. During a round it is only read; merge, between rounds, is serial.
// What a unit keeps of its own source (its declared parameters, its type parameters) the one worker writes that has the unit.
type analysis struct {
	g  *pymodule.Graph
	ix *mapper.Index
	t  *table

	result      *pymodule.Class                     // see wrapped_result.go
	describes   func() bool                         // whether the program has descriptors of its own
	methodNames func() map[*pymodule.Function][]int // see method_named.go
	allMethods  func() map[string]bool              // see called_by_word.go
	callsByName func() bool
	nameKeepers func() map[string][]nameFormat      // see named_by_class.go
	typeKeyed   func() map[*pymodule.Function][]int // see keyed_by_type.go

	awaitedRaises bool                          // see Settings
	keepsAwaited  map[*mapper.Relationship]bool // see KeepingAwaited
	mixedUse      bool                          // whether the program has sessions of both kinds

	templates templates
	made      func() map[string]bool            // the names that are called, for classes that are made; seldom asked
	populates bool                              // whether anything populates existing objects
	plugged   func() bool                       // whether Litestar handlers get a DTO where they name none; seldom asked
	provides  func() map[string]pymodule.Symbol // what Litestar's routers provide, by name; seldom asked
	dtoLayers func() []dtoLayer                 // what Litestar's routers say of DTOs; seldom asked
	loads     defaultLoads
	ariadne   func() *ariadne // seldom asked
	// registeredHandlers are the functions that are registered with a router of aiogram; seldom asked.
	registeredHandlers func() map[*pymodule.Function]bool
	units              map[string]*unit
	fields             map[fieldKey]map[string]value // by the unit that stores
	users              users
	callers            map[string]map[string][]*edge     // callee -> caller -> calls
	stale              map[string]bool                   // callees whose callers changed in this round
	contexts           map[*pymodule.Function][]*unitKey // the units of a function
	effort, maxEffort  int                               // see effort.go
	reached            map[reachedKey]*Reached           // see reached.go; nil where nobody asks
	watch              map[string]bool                   // names of the relationships in Settings.Watch
	noloaded           map[string]bool                   // names of the relationships that have noload: see noloaded.go
	moved              map[*mapper.Relationship]bool     // relationships that count as if their models did not load them: see flow
	list               []*unit                           // all, in the order in which they were found
	byName             []int                             // levels of functions, by their index: see callOrder
	above              int                               // the highest level of those that ran
	queue              [][]*unit                         // those that must run, by level: see order.go

	types             interned[string, pymodule.Type] // parsed annotations, by their text
	members           interned[lookup, pymodule.Symbol]
	annotations       interned[lookup, value]
	attributesOfSelf  interned[*pymodule.Class, []string]
	naming            interned[*pymodule.Class, bool] // see namesModel
	constantsOf       interned[string, []string]      // see method_computed.go
	schemas           interned[*pymodule.Class, []schemaField]
	membersOf         interned[*pymodule.Class, []entry]  // see listed_member.go
	containers        interned[*pymodule.Class, atomKind] // which classes of the program are containers (own_container.go)
	roots             interned[*pymodule.Class, schemaType]
	statementDefaults interned[*pymodule.Function, []bool]
	ownProperties     interned[*pymodule.Function, bool] // see own_property.go
	getters           interned[*pymodule.Class, *pymodule.Class]
	metaclasses       interned[*pymodule.Class, pymodule.Class]
	madeBy            interned[*pymodule.Class, int] // how many classes a metaclass makes
	skipped           interned[skipList, []string]   // see passed_over.go
	grows             interned[string, bool]         // see growsInPlace
	schemaAsks        interned[*pymodule.Class, []string]
	asking            interned[*pymodule.Function, bool]
	savers            interned[*pymodule.Function, bool] // wrappers that save behind what they wrap (leaving.go)
	answers           struct {                           // the functions that answer what is loaded
		once   sync.Once
		names  []string
		byName map[string][]*pymodule.Function
	}
	helpers interned[*pymodule.Function, bool]
	held    map[fieldKey]value                  // fields of all units together
	holders map[string]map[*pymodule.Class]bool // the classes that hold something, by the name of the field
	changed map[fieldKey]bool                   // fields that changed in this round

	recorded []found // of Settings.Recorded, once all is settled

	named          map[string][]*mapper.Relationship // see option_told.go
	stringUses     func() map[string]stringUse       // by the attribute's name: see name_given.go
	listAskers     func() map[string]bool            // see argument_asked.go
	emptyAskers    func() map[string]bool            // see argument_empty.go
	preloads       func() map[string]bool
	onupdate       sync.Map // of a *pymodule.Class: see expiring
	queriedColumns queriedColumns
	columns        interned[lookup, *mapper.Relationship]

	leftOut interned[lookup, *mapper.Relationship]

	leavesColumns    func() bool
	leavesOut        func() leavingOut
	makesText        func() bool                                  // see raw_text.go
	pathSeparators   func() []string                              // see path_separator.go
	forwards         func() *forwards                             // see forward_reference.go
	nameTakers       func() nameTakers                            // see listed_names.go
	listTakers       func() listTakers                            // see names_handed.go
	exceptionBases   func() map[*pymodule.Class][]*pymodule.Class // see exceptions_below.go
	keptTexts        func() []string                              // see text_kept.go
	givesItems       func() bool                                  // see item_by_name.go
	selfReaders      func() map[string]bool                       // see reads_itself.go
	keepsBack        func() map[string]bool
	likeSessions     func() map[string]bool
	dishka           func() *dishkaProviders
	setBehind        func() map[lookup]bool // see set_behind.go
	readsByRecipe    func() bool
	unstructureHooks func() map[*pymodule.Class][]*pymodule.Function
}

// parseType is an annotation from its source. Nobody changes a type.
func (a *analysis) parseType(text string) *pymodule.Type {
	return a.types.get(text, func() *pymodule.Type { return pymodule.ParseType(text) })
}

// classMember is what an attribute means in a class or its bases.
func (a *analysis) classMember(c *pymodule.Class, name string) pymodule.Symbol {
	return *a.members.get(lookup{c, name}, func() *pymodule.Symbol {
		s := a.g.ClassMember(c, name)
		return &s
	})
}

// maxRounds bounds the fixpoint. A chain of calls needs about as many rounds as it is long.
const maxRounds = 60

// Settings say how to analyse.
type Settings struct {
	Jobs int // functions interpreted at once; the result does not depend on it
	// Progress, if any, is told how many functions are known, and of how many nothing is left to find out for now.
	Progress func(done, total int)
	// Forgets are the relationships that come to have lazy="raise" or noload, under which the session answers no read with what it
	// holds (forgets.go).
	Forgets map[*mapper.Relationship]mapper.Strategy
	// Joins: say of each demand whether its statement goes with a joined load.
	Joins bool
	// Watch are relationships that models load by themselves and whose every read must be known: see watch.go.
	Watch []*mapper.Relationship
	// AwaitedRaises: what awaitable_attrs reads is asked of the queries, too, since its relationships come to raise there.
	AwaitedRaises bool
	// Recorded are lazy loads that a run recorded: see recorded.go.
	Recorded []*Recorded
	// Reached asks for Flow.Reached.
	Reached bool
}

// Analyze follows every object from its query to its reads.
func Analyze(ctx context.Context, g *pymodule.Graph, ix *mapper.Index, settings Settings) (*Flow, error) {
	a := newAnalysis(g, ix, settings)
	settled, err := a.solve(ctx, max(settings.Jobs, 1), settings.Progress)
	if err != nil {
		return nil, err
	}
	a.recorded = a.locate(settings.Recorded)
	return a.flow(ctx, settled, nil)
}

// newAnalysis is one of which each function is known by its name and none was run.
func newAnalysis(g *pymodule.Graph, ix *mapper.Index, settings Settings) *analysis {
	a := &analysis{
		g: g, ix: ix, awaitedRaises: settings.AwaitedRaises, mixedUse: ix.Use.Sync && ix.Use.Async,
		t:     &table{forgetting: settings.Forgets, joins: settings.Joins},
		units: map[string]*unit{}, fields: map[fieldKey]map[string]value{}, users: newUsers(), callers: map[string]map[string][]*edge{},
		contexts: map[*pymodule.Function][]*unitKey{}, held: map[fieldKey]value{}, holders: map[string]map[*pymodule.Class]bool{},
		changed: map[fieldKey]bool{}, stale: map[string]bool{}, maxEffort: maxEffort,
	}
	if settings.Reached {
		a.reached = map[reachedKey]*Reached{}
	}
	a.byName = callOrder(g)
	a.result = resultClass(g)
	for _, r := range settings.Watch {
		if a.watch == nil {
			a.watch = map[string]bool{}
		}
		a.watch[r.Name] = true
	}
	a.noloaded = noloadedNames(ix)
	a.provides = sync.OnceValue(a.outerProviders)
	a.dtoLayers = sync.OnceValue(a.outerDTOs)
	a.ariadne = sync.OnceValue(a.findAriadne)
	a.setBehind = sync.OnceValue(a.findSetBehind)
	a.unstructureHooks = sync.OnceValue(a.findUnstructureHooks)
	a.readsByRecipe = sync.OnceValue(func() bool { return readsByRecipe(g) })
	a.registeredHandlers = sync.OnceValue(a.findHandlers)
	a.leavesColumns = sync.OnceValue(a.findLeavesColumns)
	a.leavesOut = sync.OnceValue(a.findLeavingOut)
	a.makesText = sync.OnceValue(a.findText)
	a.keepsBack = sync.OnceValue(a.findKeepsBack)
	a.likeSessions = sync.OnceValue(a.findLikeSessions)
	a.dishka = sync.OnceValue(a.findDishka)
	a.plugged = sync.OnceValue(func() bool { return usesPlugin(g) })
	a.templates = newTemplates(g)
	a.loads = findDefaultLoads(g)
	a.queriedColumns = findQueriedColumns(g)
	a.named = namedRelationships(ix)
	a.populates = populatesSomewhere(g)
	a.stringUses = sync.OnceValue(func() map[string]stringUse { return findStringUses(g) })
	a.listAskers = sync.OnceValue(func() map[string]bool { return findListAskers(g) })
	a.emptyAskers = sync.OnceValue(a.findEmptyAskers)
	a.preloads = sync.OnceValue(a.findPreloads)
	a.methodNames = sync.OnceValue(func() map[*pymodule.Function][]int { return findMethodNames(g) })
	a.allMethods = sync.OnceValue(func() map[string]bool { return findMethods(g) })
	a.callsByName = sync.OnceValue(func() bool { return findCallsByName(g) })
	a.nameKeepers = sync.OnceValue(func() map[string][]nameFormat { return findNameKeepers(g) })
	a.typeKeyed = sync.OnceValue(func() map[*pymodule.Function][]int { return findTypeKeyed(g) })
	a.listTakers = sync.OnceValue(a.findListTakers)
	a.exceptionBases = sync.OnceValue(a.exceptionsAbove)
	a.nameTakers = sync.OnceValue(func() nameTakers { return findNameTakers(g, a.stringUses()) })
	a.keptTexts = sync.OnceValue(a.findKeptTexts)
	a.givesItems = sync.OnceValue(func() bool { return givesItemsByName(g) })
	a.pathSeparators = sync.OnceValue(func() []string { return findPathSeparators(g) })
	a.forwards = sync.OnceValue(a.findForwards)
	a.selfReaders = sync.OnceValue(a.findSelfReaders)
	a.describes = sync.OnceValue(func() bool { return hasDescriptors(g) })
	a.made = sync.OnceValue(func() map[string]bool { return findMade(g) })
	for _, m := range g.Modules {
		a.add(moduleKey(m))
	}
	for _, f := range g.Functions {
		if f.Outer == nil && !f.Lambda() { // nobody calls a lambda but whom it is given to
			a.add(a.plainKey(f, f.Class))
			a.seedInherited(f)
		}
	}
	return a
}

// solve interprets until nothing changes; false when it was cut at a bound, that of rounds or that of the effort. A round goes through the levels from the
// callees to the callers, so that what a function returns is mostly known when its callers ask; what callers pass is for
// the next round.
func (a *analysis) solve(ctx context.Context, jobs int, tell func(done, total int)) (settled bool, err error) {
	for range maxRounds {
		if a.effort > a.maxEffort {
			return false, nil
		}
		ran := false
		for level := 0; level < len(a.queue); level++ { // it may get longer
			todo := a.queue[level]
			if len(todo) == 0 {
				continue
			}
			ran = true
			a.queue[level] = nil
			if err := a.run(ctx, jobs, todo); err != nil {
				return false, err
			}
			if tell != nil {
				tell(len(a.units)-a.waiting(), len(a.units))
			}
		}
		if !ran {
			return true, nil
		}
		a.findNodes()
		a.passArguments()
		a.reorder()
	}
	return false, nil
}

// waiting counts the units that must run.
func (a *analysis) waiting() (n int) {
	for _, level := range a.queue {
		n += len(level)
	}
	return n
}

// run interprets units at once, each on what was known before, and then merges what they gave, in order.
func (a *analysis) run(ctx context.Context, jobs int, todo []*unit) error {
	sort.Slice(todo, func(i, j int) bool { return todo[i].key.id < todo[j].key.id })
	outs := make([]*outcome, len(todo))
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(jobs)
	const chunk = 64
	for start := 0; start < len(todo); start += chunk {
		group.Go(func() error {
			for i := start; i < min(start+chunk, len(todo)); i++ {
				if gctx.Err() != nil {
					return gctx.Err()
				}
				outs[i] = a.interpret(todo[i])
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, u := range todo {
		u.dirty = false
	}
	for i, u := range todo { // all uses first: a change is for those too that ran now
		a.register(u, outs[i])
	}
	for i, u := range todo {
		a.effort += outs[i].effort
		a.merge(u, outs[i])
	}
	a.joinFields()
	return nil
}

// mark has a unit run again.
func (a *analysis) mark(u *unit) {
	if !u.dirty {
		u.dirty = true
		a.enqueue(u)
	}
}

// add makes a unit known. False when its function has too many: see context.go.
func (a *analysis) add(k *unitKey) bool {
	if a.units[k.id] != nil {
		return true
	}
	if k.fn != nil {
		if !a.hasRoom(k) {
			return false
		}
		a.contexts[k.fn] = append(a.contexts[k.fn], k)
	}
	u := &unit{key: k, out: &outcome{}}
	if k.fn != nil {
		u.params = make([]value, len(k.fn.Params))
	}
	u.index = len(a.list)
	a.list = append(a.list, u)
	a.units[k.id] = u
	a.place(u)
	a.mark(u)
	return true
}

// merge takes over what a unit's interpretation gave, and marks who has to run again.
func (a *analysis) merge(u *unit, out *outcome) {
	id := u.key.id
	old := u.out
	if u.runs++; u.runs > maxRuns && out.failed == "" {
		a.widen(old, out, u.runs)
	}
	u.out = out
	if !same(old.ret, out.ret) || old.hidesResult != out.hidesResult || old.effect != out.effect || !sameMade(old, out) || !maps.EqualFunc(old.grown, out.grown, same) ||
		!maps.EqualFunc(old.populated, out.populated, same) || !maps.EqualFunc(old.refreshed, out.refreshed, same) || !maps.Equal(old.preloaded, out.preloaded) || !maps.Equal(old.loads, out.loads) || old.closed != out.closed {
		a.touch(a.users.units[id])
	}
	if !sameVars(old.vars, out.vars) {
		a.touch(a.users.vars[id])
	}
	for k, v := range out.fields {
		if a.fields[k] == nil {
			a.fields[k] = map[string]value{}
		}
		if !same(a.fields[k][id], v) {
			a.fields[k][id] = v
			a.changed[k] = true
		}
	}
	for k := range old.fields {
		if _, still := out.fields[k]; !still {
			delete(a.fields[k], id)
			a.changed[k] = true
		}
	}
	a.mergeEdges(id, old, out)
}

// maxRuns is how often a unit is run before its results may only grow: values that replace each other by turns would
// never settle.
const maxRuns = 8

// widen adds to an outcome what the one before had.
func (a *analysis) widen(old, out *outcome, runs int) {
	out.ret = a.widened(old.ret, out.ret, runs)
	out.effect = old.effect.or(out.effect)
	out.closed = out.closed || old.closed
	out.grown, out.populated = a.widenArguments(old.grown, out.grown), a.widenArguments(old.populated, out.populated)
	out.refreshed = a.widenArguments(old.refreshed, out.refreshed)
	for i, names := range old.preloaded {
		out.notePreloaded(i, names)
	}
	out.loads = bothLoad(old.loads, out.loads)
	for k, v := range old.vars {
		if out.vars != nil {
			out.vars[k] = a.widened(v, out.vars[k], runs)
		}
	}
	for k, v := range old.fields {
		out.fields[k] = a.widened(v, out.fields[k], runs)
	}
}

// widened is what two values have together, in no more than maxWidened containers: what is put into containers again in each round
// would have many rounds to go, with larger values in each. What a saturated value would get beside is left out: see saturated.go.
func (a *analysis) widened(old, v value, runs int) value {
	return a.t.settled(old, a.t.shallow(a.t.flat(join(old, v)), maxWidened), roomAfter(runs))
}

// maxWidened is how many containers may stand in each other in what a unit gives that was run more often than maxRuns.
const maxWidened = 2

func sameVars(a, b map[string]value) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		w, ok := b[k]
		if !ok || !same(v, w) {
			return false
		}
	}
	return true
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
