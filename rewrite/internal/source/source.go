package source

import (
	"cmp"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// Stdin is the path that stands for standard input.
const Stdin = "-"

// File is one file of the program. It does not change after Load.
type File struct {
	Path string // for the OS, to open and write; "-" for standard input
	Real string // the absolute path without symbolic links when it was found; "" for standard input
	Name string // slash-separated, relative to the root, without symbolic links; shown to the user, and in a/ b/ headers

	// Content is what is on disk. Text is what is parsed: UTF-8 with line feeds. Where Editable holds, both are the same bytes, so an
	// offset in one is an offset in the other. A byte order mark stays in both (the parser passes over it), so text for
	// the top of such a file goes to offset 3, not 0.
	Content []byte
	Text    []byte

	// Template: a Jinja template or a GraphQL schema, read for what it reads, and never edited.
	Template bool

	Mode     fs.FileMode
	Editable bool
	WhyNot   string // why it is not editable
	Suppress Suppressions
}

// Options say what to read.
type Options struct {
	Paths        []string // files, folders and Stdin; none means the working folder
	Exclude      []string // patterns as in .gitignore; one with a slash is relative to the working folder, and may start with ../
	ForceExclude bool     // Exclude holds for paths that were named, too
	NoIgnore     bool     // do not read .gitignore, .ignore and .git/info/exclude

	// Tracked gives the files of a repository, a folder, that git has though .gitignore names them, slash-separated and
	// relative to it: they are read. It is asked when something is left out, once a repository. Without it, none is.
	Tracked func(ctx context.Context, repository string) []string

	Stdin     []byte // the content of the path Stdin
	StdinName string // its path, for names and messages; "" makes it "stdin.py" in the working folder

	// Open is the text of files that an editor has open, by File.Real: it is taken in place of what is on disk. Not of one
	// that says it is in another encoding than UTF-8, as an editor's text has none.
	Open map[string][]byte

	Jobs int // files read at once; 0 means one a core

	Progress func(done, total int) // if any, told of each file that was read, by several goroutines at once
}

// Problem is a path that was not read, or not as it stands.
type Problem struct {
	Path    string // File.Name of what exists, and for what does not as the user typed it
	Line    int    // 1-based; 0 when the whole file is meant
	Reason  string
	Warning bool // to know; the run does not fail for it
	Unseen  bool // it is code that Python may run, and of which nothing is known
}

// Root is the folder that names are relative to, as an absolute path without symbolic links: the root of the git
// repository that holds the first path, else the working folder, else, where that does not hold the path, the named
// folder or the folder of the named file.
func Root(paths []string) string {
	first := "."
	if len(paths) > 0 && paths[0] != Stdin {
		first = paths[0]
	}
	real := realOrParent(first)
	if repo := repository(real); repo != "" {
		return repo
	}
	here := realOrParent(".")
	if rel, err := filepath.Rel(here, real); err == nil && filepath.IsLocal(rel) {
		return here
	}
	if info, err := os.Stat(real); err == nil && !info.IsDir() {
		return filepath.Dir(real)
	}
	return real
}

// Covers reports whether one of the paths is the root, or above it.
func Covers(root string, paths []string) bool {
	if len(paths) == 0 {
		paths = []string{"."}
	}
	return slices.ContainsFunc(paths, func(name string) bool {
		rel, err := filepath.Rel(realOrParent(name), root)
		return name != Stdin && err == nil && filepath.IsLocal(rel)
	})
}

// Names are the names of all files that a run on the root reads.
func Names(ctx context.Context, root string, o Options) (map[string]bool, error) {
	w, err := newWalk(ctx, root, o)
	if err != nil {
		return nil, err
	}
	if err := w.paths([]string{root}); err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, f := range w.found {
		names[f.Name] = true
	}
	return names, nil
}

// realOrParent is the absolute path of name without symbolic links. Of a name that does not exist, the nearest folder
// above that does.
func realOrParent(name string) string {
	abs, err := filepath.Abs(name)
	if err != nil {
		return ""
	}
	for {
		if real, err := filepath.EvalSymlinks(abs); err == nil {
			return real
		}
		up := filepath.Dir(abs)
		if up == abs {
			return abs
		}
		abs = up
	}
}

// repository is the nearest folder at or above path that has a .git, else "".
func repository(path string) string {
	for {
		if _, err := os.Lstat(filepath.Join(path, ".git")); err == nil {
			return path
		}
		up := filepath.Dir(path)
		if up == path {
			return ""
		}
		path = up
	}
}

// Load finds and reads the files. Files are sorted by Name, problems by Path and Line, and neither depends on Jobs. An
// error means that ctx ended or an Exclude pattern is malformed; all else is a Problem, and the rest is read.
func Load(ctx context.Context, o Options) (root string, files []File, problems []Problem, err error) {
	if len(o.Paths) == 0 {
		o.Paths = []string{"."}
	}
	paths := o.Paths
	root = Root(paths)
	if paths[0] == Stdin && o.StdinName != "" {
		root = Root([]string{o.StdinName})
	}
	w, err := newWalk(ctx, root, o)
	if err != nil {
		return root, nil, nil, err
	}
	if err := w.paths(paths); err != nil {
		return root, nil, nil, err
	}
	files, problems, err = read(ctx, w.found, o)
	if err != nil {
		return root, nil, nil, err
	}
	problems = append(problems, w.problems...)
	more, failed, err := w.namedByTemplates(ctx, files, o)
	if err != nil {
		return root, nil, nil, err
	}
	files, problems = append(files, more...), append(problems, failed...)
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Reason, b.Reason))
	})
	return root, files, slices.Compact(problems), nil
}

// read fills the files that the walk found, o.Jobs at once, and drops those that cannot be used.
func read(ctx context.Context, found []File, o Options) ([]File, []Problem, error) {
	jobs := o.Jobs
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	problems := make([]*Problem, len(found))
	usable := make([]bool, len(found))
	var group errgroup.Group
	group.SetLimit(jobs)
	var done atomic.Int64
	for i := range found {
		group.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			problems[i] = found[i].fill(o)
			usable[i] = problems[i] == nil || problems[i].Warning
			if o.Progress != nil {
				o.Progress(int(done.Add(1)), len(found))
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, nil, err
	}
	var files []File
	var out []Problem
	for i := range found {
		if usable[i] {
			files = append(files, found[i])
		}
		if problems[i] != nil {
			out = append(out, *problems[i])
		}
	}
	return files, out, ctx.Err()
}
