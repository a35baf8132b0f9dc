package source

import (
	"context"
	"path"
	"path/filepath"
)

// tracked knows what git has though a .gitignore names it. A repository is asked when the first of its files is left out.
type tracked struct {
	ctx context.Context
	ask func(ctx context.Context, repository string) []string

	known map[string]map[string]bool // of each repository the files, and the folders above them
}

// has reports whether git has a file, or one below a folder. The path is absolute, without symbolic links.
func (t *tracked) has(real string) bool {
	if t.ask == nil {
		return false
	}
	repo := repository(filepath.Dir(real))
	rel, err := filepath.Rel(repo, real)
	if repo == "" || err != nil {
		return false
	}
	names := t.known[repo]
	if names == nil {
		names = map[string]bool{}
		for _, name := range t.ask(t.ctx, repo) {
			for ; name != "." && !names[name]; name = path.Dir(name) {
				names[name] = true
			}
		}
		if t.known == nil {
			t.known = map[string]map[string]bool{}
		}
		t.known[repo] = names
	}
	return names[filepath.ToSlash(rel)]
}
