package lsp

import (
	"context"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// The clock of these tests is synctest's: nothing waits.

// runs serves a schedule of one second, whose runs take a minute unless they are cancelled, and keeps what became of them.
func runs(t *testing.T, s schedule, began *[]time.Duration, cancelled *int) {
	t.Helper()
	start := time.Now()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	active := false
	go func() {
		defer close(done)
		s.serve(ctx, func(ctx context.Context) {
			if active {
				t.Error("two at once")
			}
			active = true
			*began = append(*began, time.Since(start))
			select {
			case <-time.After(time.Minute):
			case <-ctx.Done():
				*cancelled++
			}
			active = false
		})
	}()
	t.Cleanup(func() {
		stop()
		<-done
	})
}

func TestSchedule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var began []time.Duration
		cancelled := 0
		s := newSchedule(time.Second)
		runs(t, s, &began, &cancelled)
		time.Sleep(time.Hour)
		synctest.Wait()
		if len(began) != 0 {
			t.Fatalf("nobody asked: %v", began)
		}
		for range 10 { // ten files are opened, one each half second
			s.ask()
			time.Sleep(time.Second / 2)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if want := time.Hour + 4500*time.Millisecond + time.Second; len(began) != 1 || began[0] != want || cancelled != 0 {
			t.Fatalf("began at %v, want once at %v; %d cancelled", began, want, cancelled)
		}
	})
}

func TestScheduleCancels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var began []time.Duration
		cancelled := 0
		s := newSchedule(time.Second)
		runs(t, s, &began, &cancelled)
		s.ask()
		time.Sleep(30 * time.Second) // in the middle of the first run
		s.ask()
		time.Sleep(time.Hour)
		synctest.Wait()
		if len(began) != 2 || began[1] != 31*time.Second || cancelled != 1 {
			t.Errorf("began at %v, %d cancelled", began, cancelled)
		}
	})
}

// Nothing is analysed while somebody types.
func TestTypingAsksForNothing(t *testing.T) {
	s := &server{schedule: newSchedule(time.Second), documents: map[string]document{}}
	asked := func() bool {
		select {
		case <-s.schedule.wanted:
			return true
		default:
			return false
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
	}
	file := uri.File(t.TempDir() + "/new.py")
	open := func(text string) {
		t.Helper()
		must(s.DidOpen(t.Context(), &protocol.DidOpenTextDocumentParams{TextDocument: protocol.TextDocumentItem{URI: file, Version: 1, Text: text}}))
	}
	s.folders = []folder{{"/", "/"}} // without one, the first file that is opened is the reason to analyse its folder
	must(os.WriteFile(file.FsPath(), []byte("\xef\xbb\xbfa = 1"), 0o644))
	open("a = 1")
	if asked() {
		t.Error("opening what is on disk asks for an analysis")
	}
	open("a = 0")
	if !asked() {
		t.Error("opening what is not on disk asks for none")
	}
	must(s.DidChange(t.Context(), &protocol.DidChangeTextDocumentParams{
		TextDocument:   protocol.VersionedTextDocumentIdentifier{TextDocumentIdentifier: protocol.TextDocumentIdentifier{URI: file}, Version: 2},
		ContentChanges: []protocol.TextDocumentContentChangeEvent{&protocol.TextDocumentContentChangeWholeDocument{Text: "a = 2"}},
	}))
	if asked() {
		t.Error("a change asks for an analysis")
	}
	if text, _ := s.current(file.FsPath()); string(text) != "a = 2" {
		t.Errorf("the text is %q", text)
	}
	must(s.DidSave(t.Context(), &protocol.DidSaveTextDocumentParams{}))
	if !asked() {
		t.Error("a save asks for none")
	}
}
