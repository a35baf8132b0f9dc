package loadflow

import (
	"hash/maphash"
	"sync"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// interned holds one value for each key, for many workers at once. It is sync.Map without the two allocations that a
// look-up by anything but a pointer costs there.
type interned[K comparable, V any] struct {
	once   sync.Once
	seed   maphash.Seed
	shards [64]struct {
		sync.RWMutex
		of map[K]*V
	}
}

// get is the value of a key, made by its first asker. Of two that make it at once, one is kept.
func (in *interned[K, V]) get(key K, build func() *V) *V {
	in.once.Do(func() { in.seed = maphash.MakeSeed() })
	s := &in.shards[maphash.Comparable(in.seed, key)%uint64(len(in.shards))]
	s.RLock()
	got := s.of[key]
	s.RUnlock()
	if got != nil {
		return got
	}
	made := build()
	s.Lock()
	defer s.Unlock()
	if got := s.of[key]; got != nil {
		return got
	}
	if s.of == nil {
		s.of = map[K]*V{}
	}
	s.of[key] = made
	return made
}

// The keys of what is looked up most. Everything in them is interned itself, so that they say as much as an id does,
// which is put together only for what is new.
type (
	objectKey struct {
		class  *pymodule.Class
		origin *origin
		path   *path
	}
	classKey struct { // a class without arguments of its own
		class *pymodule.Class
		kind  atomKind
		bound bool
	}
	funcKey struct {
		fn   *pymodule.Function
		self *atom
	}
	holderKey struct { // a container of one atom or none, a dictionary of one key or none
		kind atomKind
		key  *atom
		elem *atom
	}
	calleeKey struct { // a function in no other context than the class of self
		fn   *pymodule.Function
		recv *pymodule.Class
	}
	nameKey struct {
		kind atomKind
		name string
	}
	placeKey struct {
		kind originKind
		mod  *pymodule.Module
		node pysyntax.Node
	}
	nodeKey struct {
		mod  *pymodule.Module
		node pysyntax.Node
	}
	saveKey struct {
		place  placeKey
		saved  saved
		inner  *origin
		prefix *path
	}
	paramKey struct {
		unit  string
		param int
	}
	stepKey struct {
		up    *path
		class *pymodule.Class
		rel   *mapper.Relationship
		again bool
	}
)

// table interns atoms, paths and origins.
type table struct {
	forgetting map[*mapper.Relationship]mapper.Strategy // Settings.Forgets
	joins      bool                                     // note what statements do not go with a joined load
	nodes      nodes                                    // changes between rounds

	// By their ids.
	atoms   interned[string, atom]
	paths   interned[string, path]
	origins interned[string, origin]
	stmts   interned[string, stmt]
	folds   interned[string, value] // see statement_folded.go
	opts    interned[string, loaderOption]
	sites   interned[string, Site]

	objects      interned[objectKey, atom]
	classes      interned[classKey, atom]
	functions    interned[funcKey, atom]
	holders      interned[holderKey, atom]
	names        interned[nameKey, atom]
	keys         interned[calleeKey, unitKey]
	places       interned[placeKey, origin]
	saves        interned[saveKey, origin]
	params       interned[paramKey, origin]
	steps        interned[stepKey, path]
	uses         interned[*pymodule.Function, []paramUse] // by parameter
	asks         interned[*pymodule.Function, []asked]
	dataFields   interned[*pymodule.Class, []string]
	rebinds      interned[*pymodule.Function, map[string]bool]
	declared     interned[*pymodule.Module, map[string]bool]
	globals      interned[globalName, fieldKey]
	sessions     interned[functionName, bool]
	sessionsUsed interned[*pymodule.Function, map[string]bool]
	populates    interned[*pymodule.Function, bool]
	sentTo       interned[*pymodule.Function, bool]            // see looksAtSent
	bound        interned[nodeKey, map[string][]pysyntax.Node] // see bindings.go
	plain        interned[nodeKey, string]                     // see withoutLoaders
}
