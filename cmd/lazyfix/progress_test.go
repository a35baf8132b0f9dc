package main

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/lazyfix/lazyfix/rewrite"
)

// screen is what a pseudo-terminal shows, for a run that has it as its standard error.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
	grew chan struct{}
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case s.grew <- struct{}{}:
	default:
	}
	return s.text.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// await waits until a part stands on the screen.
func (s *screen) await(ctx context.Context, part string) {
	for !strings.Contains(s.String(), part) && ctx.Err() == nil {
		select {
		case <-s.grew:
		case <-ctx.Done():
		}
	}
}

// onTerminal runs lazyfix on a pseudo-terminal of its own with an analysis that tells of its progress.
func onTerminal(t *testing.T, patience time.Duration, analyze func(*screen, func(rewrite.Progress)), args ...string) string {
	t.Helper()
	t.Setenv("TERM", "xterm")
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	s := &screen{grew: make(chan struct{}, 1)}
	read := make(chan struct{})
	go func() {
		defer close(read)
		buffer := make([]byte, 4096)
		for {
			n, err := master.Read(buffer)
			_, _ = s.Write(buffer[:n])
			if err != nil {
				return
			}
		}
	}()
	p := program{rules: rewrite.Rules(), stdin: strings.NewReader(""), stdout: &bytes.Buffer{}, stderr: tty, patience: patience}
	p.analyze = func(_ context.Context, o rewrite.Options) (*rewrite.Result, error) {
		if o.Progress == nil {
			o.Progress = func(rewrite.Progress) {}
		}
		analyze(s, o.Progress)
		return &rewrite.Result{}, nil
	}
	if code := p.run(t.Context(), args); code != exitDone {
		t.Errorf("exit code %d", code)
	}
	_ = tty.Close()
	<-read
	_ = master.Close()
	return s.String()
}

func TestProgressOnTerminal(t *testing.T) {
	text := onTerminal(t, 0, func(s *screen, tell func(rewrite.Progress)) {
		tell(rewrite.Progress{Stage: rewrite.Reading, Done: 3, Total: 10})
		s.await(t.Context(), "reading files")
		tell(rewrite.Progress{Stage: rewrite.Parsing, Done: 4, Total: 10})
		tell(rewrite.Progress{Stage: rewrite.Parsing, Done: 2, Total: 10}) // of a slower worker
		tell(rewrite.Progress{Stage: rewrite.Reading, Done: 9, Total: 10})
		s.await(t.Context(), "parsing files")
		tell(rewrite.Progress{Stage: rewrite.Parsing, Done: 10, Total: 10})
		tell(rewrite.Progress{Stage: rewrite.Following, Done: 5, Total: 20})
		s.await(t.Context(), "(5/20)")
		tell(rewrite.Progress{Stage: rewrite.Following, Done: 30, Total: 40})
		s.await(t.Context(), "(30/40)")
	})
	has(t, text, "reading files", "(3/10)", "(4/10)", "following functions", "(30/40)")
	if strings.Contains(text, "(2/10)") || strings.Contains(text, "(9/10)") {
		t.Errorf("goes back: %q", text)
	}
	// What is left of it is an empty line, and then the summary.
	last := text[strings.LastIndexByte(strings.TrimRight(text, "\r\n"), '\r')+1:]
	if strings.Contains(last, "following") || !strings.HasPrefix(last, "No Python files here") {
		t.Errorf("the last line is %q of %q", last, text)
	}
}

// TestNoProgress: none for what is quick, where nobody looks, or where it was not wanted.
func TestNoProgress(t *testing.T) {
	tell := func(_ *screen, tell func(rewrite.Progress)) {
		tell(rewrite.Progress{Stage: rewrite.Parsing, Done: 3, Total: 10})
	}
	if text := onTerminal(t, time.Hour, tell); strings.Contains(text, "parsing") || strings.Contains(text, "\x1b") {
		t.Errorf("quick: %q", text)
	}
	asked := func(p program, args ...string) (asked bool) {
		p.rules = rewrite.Rules()
		p.analyze = func(_ context.Context, o rewrite.Options) (*rewrite.Result, error) {
			asked = o.Progress != nil
			return &rewrite.Result{}, nil
		}
		p.run(t.Context(), args)
		return asked
	}
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = master.Close(), tty.Close() }()
	onTTY := program{stdout: &bytes.Buffer{}, stderr: tty, patience: time.Hour}
	t.Setenv("TERM", "xterm")
	if !asked(onTTY) {
		t.Error("nothing is asked for on a terminal")
	}
	if asked(program{stdout: &bytes.Buffer{}, stderr: &bytes.Buffer{}}) {
		t.Error("asked for off a terminal")
	}
	if asked(onTTY, "-q") {
		t.Error("asked for with -q")
	}
	t.Setenv("TERM", "dumb")
	if asked(onTTY) {
		t.Error("asked for on a dumb terminal")
	}
}
