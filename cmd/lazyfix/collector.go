package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// A run only adds to what it knows until it is over, so that most collections find little to give back: with Go's own
// setting they were a third of the CPU time of half a million lines. So the heap may grow to fourfold between two of them,
// but by no more than headroom, unless that were less than double: a large program must not take several times its size.
const (
	growth   = 300 // percent
	headroom = 1 << 30
)

// tuneCollector spaces the garbage collections of this process, unless the environment says how.
func tuneCollector() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(growth)
	afterEachCollection(func() {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		debug.SetGCPercent(percentFor(live[0].Value.Uint64()))
	})
}

// percentFor is by how many percent a heap may grow of which so much is alive.
func percentFor(live uint64) int { return int(min(growth, max(100, 100*headroom/max(live, 1)))) }

// afterEachCollection calls f when an object that nobody holds was collected, and again with the next.
func afterEachCollection(f func()) {
	type sentinel struct{ _ [32]byte }
	runtime.AddCleanup(new(sentinel), func(int) {
		f()
		afterEachCollection(f)
	}, 0)
}
