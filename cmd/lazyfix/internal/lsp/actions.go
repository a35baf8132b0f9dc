package lsp

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/lazyfix/lazyfix/edits"
)

// fixAll is the kind of the action that makes all fixes of a file.
const fixAll = protocol.CodeActionKindSourceFixAll + ".lazyfix"

// CodeAction offers the fixes of what is found in a range, one by one, and all of the file at once.
func (s *server) CodeAction(ctx context.Context, params *protocol.CodeActionParams) ([]protocol.CommandOrCodeAction, error) {
	path := realPath(params.TextDocument.URI)
	a := s.analysisOf(path)
	if a == nil {
		return nil, nil
	}
	var actions []protocol.CommandOrCodeAction
	var ofFile []int
	for n, fix := range a.result.Fixes {
		var settled []protocol.Diagnostic
		here, first := false, ""
		for _, i := range fix.Findings {
			f := a.result.Findings[i]
			if a.path(f.File) != path {
				continue
			}
			if len(ofFile) == 0 || ofFile[len(ofFile)-1] != n {
				ofFile = append(ofFile, n)
			}
			if d := s.diagnostic(a, path, f); overlap(d.Range, params.Range) {
				settled = append(settled, d)
				if !here {
					here, first = true, f.Rule+": "+f.Message
				}
			}
		}
		if here && wants(params.Context.Only, protocol.CodeActionKindQuickFix) {
			actions = s.offer(ctx, actions, a, offered{protocol.CodeActionKindQuickFix, first, []int{n}, settled})
		}
	}
	if len(ofFile) > 0 && wants(params.Context.Only, fixAll) {
		actions = s.offer(ctx, actions, a, offered{kind: fixAll, title: "make all changes for this file", fixes: ofFile})
	}
	return actions, nil
}

// wants says whether an action of a kind was asked for: of the kind, or of one that it is a part of.
func wants(only []protocol.CodeActionKind, kind protocol.CodeActionKind) bool {
	return len(only) == 0 || slices.ContainsFunc(only, func(k protocol.CodeActionKind) bool {
		return k == protocol.CodeActionKindEmpty || k == kind || strings.HasPrefix(string(kind), string(k)+".")
	})
}

// analysisOf is the one that a file was read in.
func (s *server) analysisOf(path string) *analysis {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.analyses {
		if _, found := a.findings[path]; found {
			return a
		}
	}
	return nil
}

// offered is what an action makes, and the diagnostics that it settles.
type offered struct {
	kind    protocol.CodeActionKind
	title   string
	fixes   []int
	settled []protocol.Diagnostic
}

// offer adds an action that makes some fixes, with those that they need: what makes a relationship raise comes with what
// loads it. It adds none where a text is not the analysed one any more.
func (s *server) offer(ctx context.Context, actions []protocol.CommandOrCodeAction, a *analysis, o offered) []protocol.CommandOrCodeAction {
	with := a.needed(o.fixes)
	changes, err := a.changesOf(ctx, with)
	if err != nil {
		s.log(err)
		return actions
	}
	edit, ok := s.edit(a, changes)
	if !ok {
		return actions
	}
	title := "lazyfix: " + o.title
	if more := len(with) - len(o.fixes); more == 1 {
		title += " (with a query that it needs)"
	} else if more > 1 {
		title += fmt.Sprintf(" (with %d queries that it needs)", more)
	}
	return append(actions, &protocol.CodeAction{Title: title, Kind: &o.kind, Diagnostics: o.settled, Edit: edit})
}

// needed are the fixes with all that they need, directly or not.
func (a *analysis) needed(fixes []int) []int {
	all := slices.Clone(fixes)
	for i := 0; i < len(all); i++ {
		for _, need := range a.result.Fixes[all[i]].Needs {
			if !slices.Contains(all, need) {
				all = append(all, need)
			}
		}
	}
	slices.Sort(all)
	return all
}

// changesOf are the changes that some fixes make together. Editors ask again with each move of the cursor, so they are kept.
func (a *analysis) changesOf(ctx context.Context, fixes []int) ([]edits.Change, error) {
	key := fmt.Sprint(fixes)
	if changes, known := a.changes[key]; known {
		return changes, nil
	}
	result, err := a.result.Only(ctx, fixes)
	if err != nil {
		return nil, err
	}
	a.changes[key] = result.Changes
	return result.Changes, nil
}

// edit is what the editor is to do for some changes; not ok where there is nothing to do, or a text has changed since.
func (s *server) edit(a *analysis, changes []edits.Change) (*protocol.WorkspaceEdit, bool) {
	out := &protocol.WorkspaceEdit{}
	for _, c := range changes {
		if text, ok := s.current(c.Real); !ok || !bytes.Equal(text, c.Content) {
			return nil, false
		}
		in := newLines(c.Content, s.editor.utf8)
		var list []protocol.TextEdit
		for _, e := range c.Edits {
			list = append(list, protocol.TextEdit{Range: in.span(e.Start, e.End), NewText: e.New})
		}
		u := a.uri(c.Real)
		if !s.editor.versioned {
			if out.Changes == nil {
				out.Changes = map[uri.URI][]protocol.TextEdit{}
			}
			out.Changes[u] = list
			continue
		}
		change := &protocol.TextDocumentEdit{TextDocument: protocol.OptionalVersionedTextDocumentIdentifier{
			TextDocumentIdentifier: protocol.TextDocumentIdentifier{URI: u},
		}}
		s.mu.Lock()
		if d, open := s.documents[c.Real]; open {
			change.TextDocument.URI, change.TextDocument.Version = d.uri, &d.version
		}
		s.mu.Unlock()
		for i := range list {
			change.Edits = append(change.Edits, &list[i])
		}
		out.DocumentChanges = append(out.DocumentChanges, change)
	}
	return out, len(changes) > 0
}
