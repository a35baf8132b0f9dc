package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/edits"
)

// otherRepositories are those below root, a repository, that changes are of, by the changes' names: submodules that are
// checked out, and clones. Each is relative to root. Of a root that is no repository there are none.
func otherRepositories(root string, changes []edits.Change) map[string]string {
	out := map[string]string{}
	if !isRepository(root) {
		return out
	}
	for _, c := range changes {
		at := repositoryOf(filepath.Dir(filepath.Join(root, filepath.FromSlash(c.Name))))
		if rel, err := filepath.Rel(root, at); err == nil && rel != "." && filepath.IsLocal(rel) {
			out[c.Name] = filepath.ToSlash(rel)
		}
	}
	return out
}

// submoduleHint says of which files of a patch the index of its repository knows nothing, "" where there are none.
func submoduleHint(root string, changes []edits.Change) string {
	others := otherRepositories(root, changes)
	if len(others) == 0 {
		return ""
	}
	names := slices.Compact(slices.Sorted(maps.Values(others)))
	return fmt.Sprintf("%s of this patch %s in another repository (%s): git apply takes the patch, and git apply --index refuses all of it.",
		plural(len(others), "file"), pick(len(others), "is", "are"), strings.Join(names, ", "))
}
