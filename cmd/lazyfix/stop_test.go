package main

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/lazyfix/lazyfix/rewrite"
)

// TestAnalysisThatDoesNotAsk has a signal come during an analysis that never asks for it.
func TestAnalysisThatDoesNotAsk(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan struct{})
	defer close(over)
	deaf := func(context.Context, rewrite.Options) (*rewrite.Result, error) {
		cancel()
		<-over
		return nil, nil
	}
	var out, stderr bytes.Buffer
	p := program{analyze: leaving(ctx, deaf, time.Millisecond), stdout: &out, stderr: &stderr}
	if code := p.run(ctx, []string{"--no-cache", "stop_test.go"}); code != 130 || stderr.String() != "lazyfix: interrupted; nothing was written\n" {
		t.Errorf("it ended with %d\n%s", code, stderr.String())
	}
}

// TestAnalysisThatAsks is one that ends by itself: what it says is what counts.
func TestAnalysisThatAsks(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	said := errors.New("said")
	asking := func(of context.Context, _ rewrite.Options) (*rewrite.Result, error) {
		cancel()
		<-of.Done()
		return nil, said
	}
	if _, err := leaving(ctx, asking, time.Hour)(ctx, rewrite.Options{}); !errors.Is(err, said) {
		t.Errorf("got %v", err)
	}
}
