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

// uncommitted are the files, of changes, that git could not give back: see refuseDirty.
type uncommitted struct {
	changed   []string // modified or staged: writing them would mix lazyfix's edits with the user's
	untracked []string // git has no copy at all; ignored files are not among them
}

// uncommittedOf asks git. Outside a repository, and without git, there are none.
func uncommittedOf(ctx context.Context, changes []edits.Change) (all uncommitted, err error) {
	if _, err := exec.LookPath("git"); err != nil {
		return all, nil //nolint:nilerr // no git, no uncommitted changes
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
			return all, err
		}
		inside[root] = append(inside[root], rel)
	}
	for _, root := range roots {
		if err := all.add(ctx, root, inside[root]); err != nil {
			return all, fmt.Errorf("nothing was written: git cannot say what is uncommitted in %s: %w; --allow-dirty does not ask", root, err)
		}
	}
	return all, nil
}

// add asks of paths that are relative to the root of their repository.
func (u *uncommitted) add(ctx context.Context, root string, paths []string) error {
	repository, err := askgit.Open(ctx, root)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(paths, pathsPerCall) {
		args := []string{"status", "--porcelain", "-z", "--untracked-files=all", "--ignore-submodules=dirty", "--no-renames", "--"}
		out, err := repository.Output(ctx, append(args, some...)...)
		if err != nil {
			return err
		}
		for entry := range strings.SplitSeq(string(out), "\x00") {
			if len(entry) <= 3 { // two letters, a space, the name
				continue
			}
			name := shorten(filepath.Join(root, entry[3:]))
			if entry[:2] == "??" {
				u.untracked = append(u.untracked, name)
			} else {
				u.changed = append(u.changed, name)
			}
		}
	}
	return nil
}

// maxNamed bounds a list of files for people: a project that git has nothing of may have thousands.
const maxNamed = 50

// refuseDirty is an error where a file is to be written of which git could not give back what it is now.
func refuseDirty(ctx context.Context, changes []edits.Change) error {
	found, err := uncommittedOf(ctx, changes)
	if err != nil {
		return err
	}
	names := func(list []string) string {
		text := "\n"
		for _, name := range list[:min(len(list), maxNamed)] {
			text += "  " + printable(name) + "\n"
		}
		if more := len(list) - maxNamed; more > 0 {
			text += fmt.Sprintf("  and %d more\n", more)
		}
		return text
	}
	switch {
	case len(found.changed) == 0 && len(found.untracked) == 0:
		return nil
	case len(found.untracked) == 0:
		return fmt.Errorf("nothing was written: git has uncommitted changes in%scommit or stash them, or give --allow-dirty", names(found.changed))
	case len(found.changed) == 0:
		return fmt.Errorf("nothing was written: git has no copy (untracked) of%sadd and commit what is to be kept, or give --allow-dirty", names(found.untracked))
	}
	return fmt.Errorf("nothing was written: git has uncommitted changes in%sand no copy (untracked) of%scommit all of them, or give --allow-dirty",
		names(found.changed), names(found.untracked))
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
