package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/lazyfix/lazyfix/rewrite"
)

const cacheHelp = `Usage: lazyfix cache        the folder that keeps results of earlier runs
       lazyfix cache clean  empties it

Where no file, setting or lazyfix itself changed since, a run gives what the one
before found. --no-cache neither looks there nor adds to it.
`

// cacheDir is where results are kept, "" where the system names no such folder.
func cacheDir() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "lazyfix")
}

// cache is the command of that name.
func (p program) cache(args []string, out io.Writer) error {
	dir := cacheDir()
	switch {
	case dir == "":
		return usagef("the system names no folder for caches: nothing is kept")
	case len(args) == 0:
		fmt.Fprintln(out, dir)
		return nil
	case len(args) > 1 || args[0] != "clean":
		return usagef("cache takes one word, clean; lazyfix cache --help says more")
	}
	removed, err := rewrite.CleanCache(dir)
	fmt.Fprintf(out, "%s removed from %s\n", plural(removed, "result"), dir)
	return err
}
