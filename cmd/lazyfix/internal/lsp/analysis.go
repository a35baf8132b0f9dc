package lsp

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite"
)

// analysis is what was found in a folder, and in which texts.
type analysis struct {
	folder   folder
	result   *rewrite.Result
	open     map[string]document // those that stood for files, by path without symbolic links
	findings map[string][]int    // of result, by path of their file
	changes  map[string][]edits.Change
	lines    map[string]lines
}

// analyze analyses all folders, until ctx ends, and publishes what it finds.
func (s *server) analyze(ctx context.Context) {
	s.mu.Lock()
	folders := s.roots()
	open := maps.Clone(s.documents)
	s.mu.Unlock()
	texts := map[string][]byte{}
	for path, d := range open {
		texts[path] = d.text
	}
	done := s.progress(ctx)
	defer done()
	for _, f := range folders {
		result, err := s.options.Analyze(ctx, f.real, texts)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			s.complain(ctx, err)
			continue
		}
		a := &analysis{
			folder: f, result: result, open: open, findings: map[string][]int{}, changes: map[string][]edits.Change{}, lines: map[string]lines{},
		}
		for i, finding := range result.Findings {
			path := a.path(finding.File)
			a.findings[path] = append(a.findings[path], i)
		}
		s.publish(ctx, a)
	}
	s.forget(ctx, folders)
}

// roots are the folders to analyse: those of the workspace, less those inside of another, which is analysed with it. Without
// a workspace, the folders of what is open. It has mu held.
func (s *server) roots() []folder {
	all := slices.Clone(s.folders)
	if len(all) == 0 {
		for _, path := range slices.Sorted(maps.Keys(s.documents)) {
			dir := filepath.Dir(path)
			if !slices.ContainsFunc(all, func(f folder) bool { return f.real == dir }) {
				all = append(all, folder{filepath.Dir(s.documents[path].uri.FsPath()), dir})
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(inner folder) bool {
		return slices.ContainsFunc(all, func(outer folder) bool {
			rel, err := filepath.Rel(outer.real, inner.real)
			return err == nil && rel != "." && filepath.IsLocal(rel)
		})
	})
}

// path is that of a file of the result, without symbolic links.
func (a *analysis) path(name string) string {
	return filepath.Join(a.result.Root, filepath.FromSlash(name))
}

// uri is how the editor spells a path: as that of the document, else below its folder as it named that.
func (a *analysis) uri(path string) uri.URI {
	if d, open := a.open[path]; open {
		return d.uri
	}
	if rel, err := filepath.Rel(a.folder.real, path); err == nil && filepath.IsLocal(rel) {
		path = filepath.Join(a.folder.path, rel)
	}
	return uri.File(path)
}

// in are the lines of a file, as it was analysed.
func (s *server) in(a *analysis, path string) lines {
	if l, ok := a.lines[path]; ok {
		return l
	}
	text := a.open[path].text
	if _, open := a.open[path]; !open {
		text, _ = s.current(path) // a file that is gone has no lines: all places are its start
	}
	l := newLines(text, s.editor.utf8)
	a.lines[path] = l
	return l
}

// complain shows an error, once as long as it stays the same.
func (s *server) complain(ctx context.Context, err error) {
	text := "lazyfix: " + strings.TrimSpace(err.Error())
	s.mu.Lock()
	same := s.complaint == text
	s.complaint = text
	s.mu.Unlock()
	if same {
		return
	}
	fmt.Fprintln(s.options.Log, text)
	s.log(s.client.ShowMessage(ctx, &protocol.ShowMessageParams{Type: protocol.MessageTypeError, Message: text}))
}

// progress says that an analysis runs, where the editor shows that, until what it returns is called.
func (s *server) progress(ctx context.Context) (done func()) {
	token := protocol.String("lazyfix")
	if !s.editor.progress || s.client.WorkDoneProgressCreate(ctx, &protocol.WorkDoneProgressCreateParams{Token: token}) != nil {
		return func() {}
	}
	say := func(ctx context.Context, value any) {
		text, err := protocol.Marshal(value)
		if err == nil {
			err = s.client.Progress(ctx, &protocol.ProgressParams{Token: token, Value: text})
		}
		s.log(err)
	}
	say(ctx, &protocol.WorkDoneProgressBegin{Kind: "begin", Title: "lazyfix reads the program"})
	return func() { say(context.WithoutCancel(ctx), &protocol.WorkDoneProgressEnd{Kind: "end"}) }
}

func (s *server) log(err error) {
	if err != nil {
		fmt.Fprintf(s.options.Log, "lazyfix: %v\n", err)
	}
}
