package rewrite

import (
	"sync"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// memos are what rules find out of the program when they first ask: most runs never do. What is found depends on the program as it
// was linked and on nothing else, so that it makes no difference who asks first.
type memos struct {
	// signatures are the functions that the program gives to what reads signatures: see askedBy.
	signatures *signatureSearch
	// kinOf are the methods that take what one takes: see family.
	kinOf memo[*pymodule.Function, kin]
	// parameters are the names for the parameter that functions are given: see optionsParameter.
	parameters memo[*pymodule.Function, string]
	// columns are the names that a mapped class has an attribute of: see isColumn.
	columns memo[string, bool]
	// fakesOf are the methods that stand for one in tests: see fakes.
	fakesOf memo[*pymodule.Function, []*pymodule.Function]
	// sessionFakesOf are the methods that stand for one of a session's in tests, by its name: see sessionFakes.
	sessionFakesOf memo[string, []*pymodule.Function]
	// syncSessions is why a function works with a sync session: see syncSession.
	syncSessions memo[*pymodule.Function, string]
	// patched are the functions that tests put in the place of methods: see patchedFakes.
	patched func() []patched
	// assertedCalls are the places of tests that say what methods are called with: see assertedAdvice.
	assertedCalls func() []assertedCall
	// given is whether calls give a keyword: see isGiven.
	given memo[givenKeyword, bool]
	// mixed is whether a class may stand before a base that is not known: see mixedUnseen.
	mixed memo[*pymodule.Class, bool]
	// prefixed is whether a module writes loaders so: see writesLoaders.
	prefixed memo[loaderPrefix, bool]
}

func newMemos(g *pymodule.Graph) memos {
	return memos{
		patched:       sync.OnceValue(func() []patched { return findPatches(g) }),
		assertedCalls: sync.OnceValue(func() []assertedCall { return findAsserts(g) }),
	}
}

// memo keeps what was found for each key. Rules run one after the other: it is for one goroutine.
type memo[K comparable, V any] map[K]V

func (m *memo[K, V]) get(key K, find func() V) V {
	if v, known := (*m)[key]; known {
		return v
	}
	v := find()
	if *m == nil {
		*m = memo[K, V]{}
	}
	(*m)[key] = v
	return v
}
