package source

import (
	"context"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Jinja takes files of any name: {% include "icons/left.svg" %}. Those whose names do not say that they are templates are read where
// a template that is read spells their name, and only these. Rejected: reading more endings, as a tree may have thousands of pictures
// and style sheets that nothing renders.

// otherTemplate is a tag that runs another template, quotedName one of the names in it.
var (
	otherTemplate = regexp.MustCompile(`\{%[-+]?\s*(?:include|extends|import|from)\b[^%]*%\}`)
	quotedName    = regexp.MustCompile(`"([^"\n]+)"|'([^'\n]+)'`)
)

// maxNamedRounds bounds how often a file that was read for its name names others.
const maxNamedRounds = 4

// namesOfTemplates are the names that templates spell of files that are no templates by their name.
func namesOfTemplates(files []File) map[string]bool {
	names := map[string]bool{}
	for _, f := range files {
		if !f.Template {
			continue
		}
		for _, tag := range otherTemplate.FindAll(f.Text, -1) {
			for _, m := range quotedName.FindAllSubmatch(tag, -1) {
				name := path.Clean(strings.TrimLeft(string(m[1])+string(m[2]), "/"))
				names[name] = true
			}
		}
	}
	return names
}

// isTemplate reports whether a file is a template by its name, or has one that templates spell, below some folder.
func (w *walk) isTemplate(name string) bool {
	if isTemplate(name) {
		return true
	}
	if len(w.wanted) == 0 || strings.HasSuffix(name, ".py") {
		return false
	}
	for at, more := name, true; more; _, at, more = strings.Cut(at, "/") {
		if w.wanted[at] {
			return true
		}
	}
	return false
}

// namedByTemplates finds and reads the files that templates name, and those that these name. The walk goes over the same paths
// once more, which only happens where a name is spelled that no template has.
func (w *walk) namedByTemplates(ctx context.Context, files []File, o Options) (out []File, problems []Problem, err error) {
	o.Progress = nil
	w.wanted = map[string]bool{}
	for range maxNamedRounds {
		added := false
		for name := range namesOfTemplates(files) {
			if !w.wanted[name] && !slices.ContainsFunc(files, func(f File) bool { return f.Template && (f.Name == name || strings.HasSuffix(f.Name, "/"+name)) }) {
				w.wanted[name], added = true, true
			}
		}
		if !added {
			break
		}
		next := *w
		next.found, next.links, next.problems = nil, nil, nil
		if err := next.paths(o.Paths); err != nil {
			return nil, nil, err
		}
		more, failed, err := read(ctx, next.found, o)
		if err != nil || len(more) == 0 {
			return out, problems, err
		}
		out, problems, files = append(out, more...), append(problems, failed...), append(slices.Clip(files), more...)
	}
	return out, problems, nil
}
