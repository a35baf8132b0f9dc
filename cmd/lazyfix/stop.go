package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/lazyfix/lazyfix/rewrite"
)

// grace is how long an analysis may take to end by itself after a signal, before it is left alone.
const grace = 500 * time.Millisecond

// untilSignal is a context that the first signal ends. The second one ends the process at once.
func untilSignal() context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		first := <-signals
		signal.Stop(signals)
		cancel(stopped{first})
	}()
	return ctx
}

// analysis is what finds all that there is to report or to write.
type analysis = func(context.Context, rewrite.Options) (*rewrite.Result, error)

// leaving gives up an analysis soon after ctx has ended: the analysis asks between its steps, of which one may take long where
// nobody has seen it. It writes nothing but whole files of the cache, so that the process may end under it.
func leaving(ctx context.Context, analyze analysis, after time.Duration) analysis {
	return func(of context.Context, options rewrite.Options) (*rewrite.Result, error) {
		type answer struct {
			result *rewrite.Result
			err    error
		}
		ended := make(chan answer, 1)
		go func() {
			result, err := analyze(of, options)
			ended <- answer{result, err}
		}()
		select {
		case a := <-ended:
			return a.result, a.err
		case <-ctx.Done():
		}
		select {
		case a := <-ended:
			return a.result, a.err
		case <-time.After(after):
			return nil, ctx.Err()
		}
	}
}
