package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/cmd/lazyfix/internal/askgit"
	"github.com/lazyfix/lazyfix/edits"
)

// pathsPerCall bounds the command line of one git.
const pathsPerCall = 500

// uncommitted are the names of the changes whose files git says are modified or staged: writing them would mix lazyfix's
// edits with the user's. A file that git does not know is not among them, as a whole new project would be refused.
// Outside a repository, and without git, there are none.
func uncommitted(ctx context.Context, changes []edits.Change) ([]string, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return nil, nil //nolint:nilerr // no git, no uncommitted changes
	}
	var roots []string
	inside := map[string][]string{} // root to paths below it
	for _, c := range changes {
		real, err := filepath.Abs(c.Path)
		if err == nil {
			real, err = filepath.EvalSymlinks(real)
		}
		if err != nil {
			continue // Commit says what is wrong with it
		}
		root := repositoryOf(filepath.Dir(real))
		if root == "" {
			continue
		}
		if inside[root] == nil {
			roots = append(roots, root)
		}
		rel, err := filepath.Rel(root, real)
		if err != nil {
			return nil, err
		}
		inside[root] = append(inside[root], rel)
	}
	var dirty []string
	for _, root := range roots {
		found, err := modified(ctx, root, inside[root])
		if err != nil {
			return nil, fmt.Errorf("nothing was written: git cannot say what is uncommitted in %s: %w; --allow-dirty does not ask", root, err)
		}
		for _, name := range found {
			dirty = append(dirty, shorten(filepath.Join(root, name)))
		}
	}
	return dirty, nil
}

// modified are the modified and staged among paths, relative to the root of their repository.
func modified(ctx context.Context, root string, paths []string) ([]string, error) {
	repository, err := askgit.Open(ctx, root)
	if err != nil {
		return nil, err
	}
	var names []string
	for some := range slices.Chunk(paths, pathsPerCall) {
		args := []string{"status", "--porcelain", "-z", "--untracked-files=no", "--ignore-submodules=dirty", "--no-renames", "--"}
		out, err := repository.Output(ctx, append(args, some...)...)
		if err != nil {
			return nil, err
		}
		for entry := range strings.SplitSeq(string(out), "\x00") {
			if len(entry) > 3 { // two letters, a space, the name
				names = append(names, entry[3:])
			}
		}
	}
	return names, nil
}

// trackedButIgnored are the files that git has though its ignore files name them, relative to the repository. What git
// cannot say, or no git is there to say, counts as none.
func trackedButIgnored(ctx context.Context, root string) []string {
	repository, err := askgit.Open(ctx, root)
	if err != nil {
		return nil
	}
	out, err := repository.Output(ctx, "ls-files", "-z", "--cached", "--ignored", "--exclude-standard")
	if err != nil {
		return nil
	}
	return strings.FieldsFunc(string(out), func(r rune) bool { return r == 0 })
}

// repositoryOf is the nearest folder at or above dir that is a repository, else "".
func repositoryOf(dir string) string {
	for !isRepository(dir) {
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
	return dir
}

func isRepository(dir string) bool {
	_, err := os.Lstat(filepath.Join(dir, ".git"))
	return err == nil
}
