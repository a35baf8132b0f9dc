package lsp

import (
	"bytes"
	"context"
	"io"
	"path/filepath"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/lazyfix/lazyfix/internal/smallfile"
)

// document is a text that the editor has open.
type document struct {
	uri     uri.URI // as the editor spells it
	version int32
	text    []byte
}

// realPath is the absolute path of a file without symbolic links, "" of what is no file.
func realPath(u uri.URI) string {
	if !u.IsFile() {
		return ""
	}
	path := u.FsPath()
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return filepath.Clean(path) // not saved yet
}

// DidOpen takes over a text. It is analysed where it is not what is on disk.
func (s *server) DidOpen(_ context.Context, params *protocol.DidOpenTextDocumentParams) error {
	d := params.TextDocument
	path := realPath(d.URI)
	if path == "" {
		return nil
	}
	text := []byte(d.Text)
	s.mu.Lock()
	s.documents[path] = document{d.URI, d.Version, text}
	alone := len(s.folders) == 0
	s.mu.Unlock()
	if old, err := saved(path); alone || err == nil && !bytes.Equal(bytes.TrimPrefix(old, byteOrderMark), text) {
		s.schedule.ask()
	}
	return nil
}

// DidChange takes over a text while somebody types, and does nothing else. The editor sends it whole, as we ask it to:
// what would be saved by sending what changed is nothing beside an analysis, and whole it cannot be wrong.
func (s *server) DidChange(_ context.Context, params *protocol.DidChangeTextDocumentParams) error {
	path := realPath(params.TextDocument.URI)
	s.mu.Lock()
	defer s.mu.Unlock()
	d, open := s.documents[path]
	if !open {
		return nil
	}
	for _, change := range params.ContentChanges {
		if whole, ok := change.(*protocol.TextDocumentContentChangeWholeDocument); ok {
			d.text = []byte(whole.Text)
		}
	}
	d.version = params.TextDocument.Version
	s.documents[path] = d
	return nil
}

// DidSave is when a program is analysed.
func (s *server) DidSave(context.Context, *protocol.DidSaveTextDocumentParams) error {
	s.schedule.ask()
	return nil
}

// DidClose forgets a text. Where it was not saved, the file on disk counts again.
func (s *server) DidClose(_ context.Context, params *protocol.DidCloseTextDocumentParams) error {
	path := realPath(params.TextDocument.URI)
	s.mu.Lock()
	d := s.documents[path]
	delete(s.documents, path)
	s.mu.Unlock()
	if old, err := saved(path); err != nil || !bytes.Equal(bytes.TrimPrefix(old, byteOrderMark), d.text) {
		s.schedule.ask()
	}
	return nil
}

// DidChangeWatchedFiles says that files changed, by whomever. What is open is what the editor says, so a change of that on
// disk is no reason: each save would be told twice.
func (s *server) DidChangeWatchedFiles(_ context.Context, params *protocol.DidChangeWatchedFilesParams) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, change := range params.Changes {
		if _, open := s.documents[realPath(change.URI)]; !open {
			s.schedule.ask()
			return nil
		}
	}
	return nil
}

// current is the text of a file as the editor would show it, by its path without symbolic links.
func (s *server) current(path string) (text []byte, ok bool) {
	s.mu.Lock()
	d, open := s.documents[path]
	s.mu.Unlock()
	if open {
		return d.text, true
	}
	text, err := saved(path)
	return text, err == nil
}

// maxSize is more than an analysis reads.
const maxSize = 17 << 20

// saved is what is on disk. Of a pipe, or whatever else may have a name in a workspace, it is an error, at once.
func saved(path string) ([]byte, error) {
	f, _, err := smallfile.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	return io.ReadAll(io.LimitReader(f, maxSize))
}
