package main

import (
	"context"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/lazyfix/lazyfix/rewrite"
)

// What is over sooner than patience needs no progress; redraw is how often it is drawn from then on.
const (
	patience = 500 * time.Millisecond
	redraw   = 100 * time.Millisecond
)

// watch analyzes, and shows on the terminal that p.stderr is, if it is one, how far that is.
func (p program) watch(ctx context.Context, s settings) (*rewrite.Result, error) {
	if s.quiet || !isTerminal(p.stderr) {
		return p.analyze(ctx, s.options)
	}
	m := &meter{to: p.stderr}
	s.options.Progress = m.note
	defer m.start(p.patience)()
	return p.analyze(ctx, s.options)
}

// isTerminal reports whether a writer is a terminal that can erase a line.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

// meter draws the latest that it was told. The drawing has a goroutine of its own: who tells does not wait for a terminal.
type meter struct {
	to  io.Writer
	bar *progressbar.ProgressBar // drawn last; nil before any was

	mu     sync.Mutex
	latest rewrite.Progress
}

// note keeps what is furthest: workers tell out of order, and what a function calls may have it looked at again.
func (m *meter) note(p rewrite.Progress) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if p.Stage > m.latest.Stage {
		m.latest = p
	} else if p.Stage == m.latest.Stage {
		m.latest.Done, m.latest.Total = max(m.latest.Done, p.Done), max(m.latest.Total, p.Total)
	}
}

// start draws from after on until stop is called, which leaves nothing on the line.
func (m *meter) start(after time.Duration) (stop func()) {
	quit, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		for wait := after; ; wait = redraw {
			select {
			case <-quit:
				return
			case <-time.After(wait):
				m.draw()
			}
		}
	}()
	return func() {
		close(quit)
		<-over
		if m.bar != nil {
			_ = m.bar.Clear()
		}
	}
}

// doing is what the stages do, for people.
var doing = [...]string{rewrite.Reading: "reading files", rewrite.Parsing: "parsing files", rewrite.Following: "following functions"}

// draw shows the latest. Each time with a new bar: the library's draws once for each thing that changes. One that reached
// its end would start a line of its own, so it stays one below.
func (m *meter) draw() {
	m.mu.Lock()
	latest := m.latest
	m.mu.Unlock()
	if latest.Total == 0 {
		return
	}
	m.bar = progressbar.NewOptions(max(latest.Total, latest.Done+1),
		progressbar.OptionSetDescription(doing[latest.Stage]), progressbar.OptionSetWidth(30), progressbar.OptionShowCount(),
		progressbar.OptionSetWriter(m.to), progressbar.OptionUseANSICodes(true), progressbar.OptionSetRenderBlankState(false),
		progressbar.OptionSetPredictTime(false), progressbar.OptionSetElapsedTime(false))
	_ = m.bar.Set(latest.Done)
}
