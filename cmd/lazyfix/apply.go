package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/lazyfix/lazyfix/edits"
)

// applyHint says how to apply a patch as a whole where git apply, in the working folder, does not; "" where it does. The
// names in a patch are relative to root. Git takes them as relative to the repository of the working folder, and in one
// of its folders passes over all that is outside of that folder: it says nothing, and ends with 0. Outside of a repository
// it takes them as relative to the working folder.
func applyHint(root string, changes []edits.Change) string {
	here, err := os.Getwd()
	if err == nil {
		here, err = filepath.EvalSymlinks(here)
	}
	if err != nil || here == root || len(changes) == 0 {
		return ""
	}
	how := fmt.Sprintf("pipe it to `git -C %s apply`, which applies it as a whole", quoteArgument(shorten(root)))
	rel, err := filepath.Rel(root, here)
	if err != nil || repositoryOf(here) != root {
		return fmt.Sprintf("The names in this patch are not of this folder, and git apply does not find them here: %s.", how)
	}
	outside := 0
	for _, c := range changes {
		if !strings.HasPrefix(c.Name, filepath.ToSlash(rel)+"/") {
			outside++
		}
	}
	if outside == 0 {
		return ""
	}
	return fmt.Sprintf("In this folder git apply leaves out, and does not say so, what the patch changes elsewhere (%d of %s): %s.",
		outside, plural(len(changes), "file"), how)
}

// quoteArgument makes a path one word for a shell.
func quoteArgument(path string) string {
	if !strings.ContainsAny(path, " \t\n\"'`$\\&|;<>()*?[]#~!{}") {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
