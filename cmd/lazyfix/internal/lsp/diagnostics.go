package lsp

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/lazyfix/lazyfix/rewrite"
)

// rulesPage is where a rule is described.
const rulesPage = "https://github.com/lazyfix/lazyfix/blob/main/docs/rules.md"

// publish keeps an analysis, shows what it found, and takes back what is found no more.
func (s *server) publish(ctx context.Context, a *analysis) {
	found := map[string][]protocol.Diagnostic{}
	for path, indices := range a.findings {
		for _, i := range indices {
			found[path] = append(found[path], s.diagnostic(a, path, a.result.Findings[i]))
		}
	}
	for _, p := range a.result.Problems {
		path := a.path(p.Path)
		if info, err := os.Stat(path); err != nil || info.IsDir() { // nothing to show it at
			s.log(fmt.Errorf("%s: %s", p.Path, p.Reason))
			continue
		}
		found[path] = append(found[path], s.problem(a, path, p))
	}
	s.mu.Lock()
	s.analyses[a.folder.real] = a
	old := s.published[a.folder.real]
	var shown []uri.URI
	for path := range found {
		shown = append(shown, a.uri(path))
	}
	s.published[a.folder.real] = shown
	s.complaint = ""
	s.mu.Unlock()
	for _, u := range old {
		if !slices.Contains(shown, u) {
			s.show(ctx, &protocol.PublishDiagnosticsParams{URI: u, Diagnostics: []protocol.Diagnostic{}})
		}
	}
	for _, path := range slices.Sorted(maps.Keys(found)) {
		params := &protocol.PublishDiagnosticsParams{URI: a.uri(path), Diagnostics: found[path]}
		if d, open := a.open[path]; open {
			params.Version = protocol.NewOptional(d.version)
		}
		s.show(ctx, params)
	}
}

// forget takes back what was shown of folders that are not looked at any more.
func (s *server) forget(ctx context.Context, kept []folder) {
	s.mu.Lock()
	var gone []uri.URI
	for real, shown := range s.published {
		if !slices.ContainsFunc(kept, func(f folder) bool { return f.real == real }) {
			gone = append(gone, shown...)
			delete(s.published, real)
			delete(s.analyses, real)
		}
	}
	s.mu.Unlock()
	for _, u := range gone {
		s.show(ctx, &protocol.PublishDiagnosticsParams{URI: u, Diagnostics: []protocol.Diagnostic{}})
	}
}

func (s *server) show(ctx context.Context, params *protocol.PublishDiagnosticsParams) {
	s.log(s.client.PublishDiagnostics(ctx, params))
}

// diagnostic is a finding. What nobody can act upon at this place, an undecided read, is an information.
func (s *server) diagnostic(a *analysis, path string, f rewrite.Finding) protocol.Diagnostic {
	d := protocol.Diagnostic{
		Range: s.in(a, path).name(f.Line, f.Column), Severity: protocol.DiagnosticSeverityWarning,
		Source: protocol.NewOptional("lazyfix"), Code: protocol.String(f.Rule),
		CodeDescription: protocol.CodeDescription{Href: uri.MustParse(rulesPage + "#" + f.Rule)},
	}
	if f.Rule == "undecided-read" {
		d.Severity = protocol.DiagnosticSeverityInformation
	}
	text := f.Message
	if f.Advice != "" {
		text += "\n" + f.Advice
	}
	for _, step := range f.Why {
		if !s.editor.related {
			text += "\n<- " + step.Text
			continue
		}
		at := a.path(step.File)
		d.RelatedInformation = append(d.RelatedInformation, protocol.DiagnosticRelatedInformation{
			Location: protocol.Location{URI: a.uri(at), Range: s.in(a, at).name(step.Line, step.Column)}, Message: step.Text,
		})
	}
	d.Message = protocol.String(text)
	return d
}

// problem is a file that could not be read, parsed or edited as a whole.
func (s *server) problem(a *analysis, path string, p rewrite.Problem) protocol.Diagnostic {
	d := protocol.Diagnostic{
		Range: s.in(a, path).name(max(p.Line, 1), 1), Severity: protocol.DiagnosticSeverityError,
		Source: protocol.NewOptional("lazyfix"), Message: protocol.String(p.Reason),
	}
	if p.Warning {
		d.Severity = protocol.DiagnosticSeverityWarning
	}
	return d
}
