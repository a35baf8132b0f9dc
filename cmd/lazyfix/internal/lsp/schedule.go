package lsp

import (
	"context"
	"time"
)

// schedule runs one thing when it is asked to, once for all that ask within a delay. Who asks while it runs ends that run,
// whose result nobody wants any more, and starts another when it has ended: two never run at once.
type schedule struct {
	delay  time.Duration
	wanted chan struct{} // holds one: it is enough to know that somebody asked
}

func newSchedule(delay time.Duration) schedule {
	return schedule{delay, make(chan struct{}, 1)}
}

func (s schedule) ask() {
	select {
	case s.wanted <- struct{}{}:
	default:
	}
}

// serve runs what is asked for until ctx ends, and waits for the last run.
func (s schedule) serve(ctx context.Context, run func(context.Context)) {
	asked := false
	for {
		if !asked {
			select {
			case <-s.wanted:
			case <-ctx.Done():
				return
			}
		}
		if !s.quiet(ctx) {
			return
		}
		asked = s.once(ctx, run)
	}
}

// quiet waits until nobody asked for the length of the delay; false when ctx ended.
func (s schedule) quiet(ctx context.Context) bool {
	timer := time.NewTimer(s.delay)
	defer timer.Stop()
	for {
		select {
		case <-s.wanted:
			timer.Reset(s.delay)
		case <-timer.C:
			return true
		case <-ctx.Done():
			return false
		}
	}
}

// once is one run. It says whether somebody asked for another meanwhile.
func (s schedule) once(ctx context.Context, run func(context.Context)) (asked bool) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		run(ctx)
	}()
	select {
	case <-done:
	case <-s.wanted:
		asked = true
		cancel()
		<-done
	}
	return asked
}
