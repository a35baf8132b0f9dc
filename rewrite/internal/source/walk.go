package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
)

// walk collects the files of a run, each once, whatever the number of names it has.
type walk struct {
	ctx          context.Context
	root         string // absolute, without symbolic links
	exclude      patterns
	forceExclude bool
	noIgnore     bool
	stdinName    string
	tracked      *tracked
	wanted       map[string]bool // names that templates spell: see template_named.go

	found    []File
	seen     map[string]bool // real paths of found
	links    []link          // symbolic links met on the way, judged when all files are known
	problems []Problem
}

// link is a symbolic link with a Python name.
type link struct{ path, name string }

// skipped are folders that never hold the user's own code. Virtual environments are known by their pyvenv.cfg.
var skipped = map[string]bool{"__pycache__": true, "node_modules": true, "site-packages": true}

func newWalk(ctx context.Context, root string, o Options) (*walk, error) {
	w := &walk{ctx: ctx, root: root, forceExclude: o.ForceExclude, noIgnore: o.NoIgnore, stdinName: o.StdinName, tracked: &tracked{ctx: ctx, ask: o.Tracked}, seen: map[string]bool{}}
	here := realOrParent(".")
	for _, glob := range o.Exclude {
		p, ok := parsePattern(glob)
		if !ok {
			return nil, fmt.Errorf("exclude pattern %q: not a pattern as in .gitignore", glob)
		}
		if p.rooted {
			// Relative to the working folder, written relative to the root.
			rel, err := filepath.Rel(root, here)
			if err != nil {
				return nil, fmt.Errorf("exclude pattern %q: %w", glob, err)
			}
			p.glob = path.Join(doublestarQuote(filepath.ToSlash(rel)), p.glob)
			p.literal = p.literal && !strings.ContainsAny(p.glob, `*?[\{`)
		}
		w.exclude = append(w.exclude, p)
	}
	return w, nil
}

// doublestarQuote escapes the special characters of a path.
func doublestarQuote(name string) string {
	return strings.NewReplacer(`*`, `\*`, `?`, `\?`, `[`, `\[`, `{`, `\{`, `\`, `\\`).Replace(name)
}

// paths takes what the user named, and then judges the links.
func (w *walk) paths(names []string) error {
	for _, name := range names {
		if err := w.named(name); err != nil {
			return err
		}
	}
	for _, l := range w.links {
		w.follow(l)
	}
	return nil
}

// named takes one path of the user.
func (w *walk) named(name string) error {
	if name == Stdin {
		shown := w.stdinName
		if shown == "" {
			shown = "stdin.py"
		}
		abs, err := filepath.Abs(shown)
		if err != nil {
			return err
		}
		// The file itself need not exist, its folder may have links.
		real := filepath.Join(realOrParent(filepath.Dir(abs)), filepath.Base(abs))
		w.add(File{Path: Stdin, Name: w.name(real), Mode: 0o644}, real)
		return nil
	}
	info, err := os.Stat(name)
	if err != nil {
		w.problem(name, namedReason(name, err))
		return nil
	}
	real := realOrParent(name)
	if w.forceExclude && w.excludedOrAbove(w.name(real), info.IsDir()) {
		return nil
	}
	switch {
	case info.IsDir():
		return w.dir(name, real, w.scopeAbove(real))
	case info.Mode().IsRegular() && strings.EqualFold(filepath.Ext(name), ".ipynb"):
		w.problem(name, "is a notebook: not read; only Python files are")
	case info.Mode().IsRegular():
		at := name
		if l, err := os.Lstat(name); err == nil && l.Mode()&fs.ModeSymlink != 0 {
			at = real
		}
		w.add(File{Path: at, Real: real, Name: w.name(real)}, real)
	default:
		w.problem(name, "is "+kind(info.Mode())+", not a file or folder; to read standard input, name -")
	}
	return nil
}

// namedReason says why a path that was named cannot be looked at.
func namedReason(name string, err error) string {
	if errors.Is(err, syscall.ELOOP) {
		return "is a symbolic link that leads back to itself"
	}
	if info, lerr := os.Lstat(name); lerr == nil && info.Mode()&fs.ModeSymlink != 0 && errors.Is(err, fs.ErrNotExist) {
		return broken(name)
	}
	return explain(err)
}

// dir walks a folder. at is for the OS, real is the same without symbolic links, above are the ignore files that hold.
func (w *walk) dir(at, real string, above *scope) error {
	if w.ctx.Err() != nil {
		return w.ctx.Err()
	}
	entries, err := os.ReadDir(at)
	if err != nil {
		w.problem(w.name(real), explain(err))
		// What was listed before the error is read all the same.
	}
	var here *scope
	if !w.noIgnore {
		here = above.open(real, w.warn)
	}
	for _, entry := range entries {
		name := entry.Name()
		child, realChild := filepath.Join(at, name), filepath.Join(real, name)
		isDir, python := entry.IsDir(), strings.HasSuffix(name, ".py")
		if !isDir && !python && !(entry.Type().IsRegular() && w.isTemplate(w.name(realChild))) {
			continue
		}
		below := here
		switch v := w.verdict(name, child, realChild, isDir, here); {
		case v == ignored, v == ignoredByGit && !w.tracked.has(realChild):
			continue
		case v == ignoredByGit && isDir:
			below = &scope{above: here, dir: filepath.ToSlash(realChild), gitIgnored: true}
		}
		switch mode := entry.Type(); {
		case isDir:
			if err := w.dir(child, realChild, below); err != nil {
				return err
			}
		case mode.IsRegular():
			w.add(File{Path: child, Real: realChild, Name: w.name(realChild)}, realChild)
		case mode&fs.ModeSymlink != 0:
			w.links = append(w.links, link{path: child, name: w.name(realChild)})
		default:
			w.problems = append(w.problems, Problem{Path: w.name(realChild), Reason: "is " + kind(mode) + ": not read", Warning: true})
		}
	}
	return nil
}

// verdict is whether the walk leaves out a folder or a file that was not named.
func (w *walk) verdict(name, at, real string, isDir bool, here *scope) verdict {
	v := here.verdict(filepath.ToSlash(real), isDir)
	if v == ignored || name == ".git" || v != kept && strings.HasPrefix(name, ".") {
		return ignored
	}
	if w.exclude.verdict(w.name(real), isDir) == ignored || isDir && skipped[name] {
		return ignored
	}
	if isDir {
		if _, err := os.Lstat(filepath.Join(at, "pyvenv.cfg")); err == nil {
			return ignored
		}
	}
	return v
}

// follow judges a link that the walk met. It never adds a file: either its target is read under its own name, or it
// leads out of what the user named, or to what is ignored, and is not to be edited through a side door.
func (w *walk) follow(l link) {
	abs, err := filepath.Abs(l.path)
	if err != nil {
		w.problem(l.name, explain(err))
		return
	}
	real, err := filepath.EvalSymlinks(abs)
	switch {
	case errors.Is(err, syscall.ELOOP), err != nil && strings.Contains(err.Error(), "too many links"):
		w.problem(l.name, "is a symbolic link that leads back to itself")
		return
	case errors.Is(err, fs.ErrNotExist):
		w.problem(l.name, broken(l.path))
		return
	case err != nil:
		w.problem(l.name, explain(err))
		return
	}
	if info, err := os.Stat(real); err != nil || info.IsDir() || w.seen[real] {
		return
	}
	w.problems = append(w.problems, Problem{Path: l.name, Warning: true,
		Reason: fmt.Sprintf("is a symbolic link to %s, which is not among the files that are read: not followed; name it to have it read", w.name(real))})
}

// broken is the reason of a link without a target.
func broken(path string) string {
	target, err := os.Readlink(path)
	if err != nil {
		return explain(err)
	}
	return "is a broken symbolic link: its target " + target + " does not exist"
}

// kind names what is neither a file nor a folder.
func kind(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "a special file"
}

// scopeAbove has the ignore files from the repository's root down to the folder above dir.
func (w *walk) scopeAbove(dir string) *scope {
	repo := repository(dir)
	if w.noIgnore || repo == "" || repo == dir {
		return nil
	}
	s := (*scope)(nil).open(repo, w.warn)
	rel, err := filepath.Rel(repo, filepath.Dir(dir))
	if err != nil || rel == "." {
		return s
	}
	at := repo
	for part := range strings.SplitSeq(filepath.ToSlash(rel), "/") {
		at = filepath.Join(at, part)
		s = s.open(at, w.warn)
	}
	return s
}

// excludedOrAbove says whether Exclude leaves out a name or a folder above it.
func (w *walk) excludedOrAbove(name string, isDir bool) bool {
	for at := name; at != "." && at != "/" && !strings.HasSuffix(at, ".."); at = path.Dir(at) {
		if w.exclude.verdict(at, isDir || at != name) == ignored {
			return true
		}
	}
	return false
}

// name is the File.Name of a real path.
func (w *walk) name(real string) string {
	rel, err := filepath.Rel(w.root, real)
	if err != nil {
		return filepath.ToSlash(real)
	}
	return filepath.ToSlash(rel)
}

func (w *walk) add(f File, real string) {
	if !w.seen[real] {
		f.Template = w.isTemplate(f.Name)
		w.seen[real] = true
		w.found = append(w.found, f)
	}
}

func (w *walk) problem(path, reason string) {
	w.problems = append(w.problems, Problem{Path: filepath.ToSlash(path), Reason: reason})
}

// warn is for an ignore file that cannot be read: more is read then than the user wants.
func (w *walk) warn(path string, err error) {
	w.problems = append(w.problems, Problem{Path: w.name(path), Reason: "this ignore file " + explain(err), Warning: true})
}
