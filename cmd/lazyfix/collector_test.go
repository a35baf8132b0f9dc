package main

import (
	"runtime"
	"testing"
	"time"
)

// TestPercentFor holds that a small heap grows to fourfold, and a large one is collected as Go itself would.
func TestPercentFor(t *testing.T) {
	for live, want := range map[uint64]int{0: 300, 100 << 20: 300, 512 << 20: 200, 1 << 30: 100, 8 << 30: 100} {
		if got := percentFor(live); got != want {
			t.Errorf("%d MB alive: %d percent, want %d", live>>20, got, want)
		}
	}
}

// TestAfterEachCollection holds that not only the first collection is heard of.
func TestAfterEachCollection(t *testing.T) {
	heard := make(chan bool, 1)
	afterEachCollection(func() { // for the rest of this process
		select {
		case heard <- true:
		default:
		}
	})
	for range 3 {
		for again := true; again; {
			runtime.GC()
			select {
			case <-heard:
				again = false
			case <-time.After(10 * time.Millisecond):
			}
		}
	}
}
