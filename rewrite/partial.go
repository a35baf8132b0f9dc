package rewrite

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/source"
)

// Paths may name a part of a program: its models, or its services. Then what is not read is as if it were not there: no
// session is seen, or no model. It is said where it is sure to matter: a file imports a module that would be read with the
// whole program, and has to do with SQLAlchemy.

// importLine is an import, found in the text: what is read is told before anything is parsed, as the answer depends on
// files that no result may be kept for.
var importLine = regexp.MustCompile(`(?m)^[ \t]*(?:from[ \t]+([.\w]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]*)|import[ \t]+([\w.]+))`)

// findPart tells whether the paths leave out some of the program, and warns of the first module that is imported and not read.
func (p *program) findPart(ctx context.Context, o source.Options) error {
	if source.Covers(p.root, o.Paths) {
		return nil
	}
	whole, err := source.Names(ctx, p.root, o)
	if err != nil {
		return err
	}
	read := map[string]bool{}
	for _, f := range p.files {
		read[f.Name] = true
	}
	for name := range whole {
		p.part = p.part || strings.HasSuffix(name, ".py") && !read[name] && !isMigration(name)
	}
	if !p.part {
		return nil
	}
	var first *Problem
	missing := map[string]bool{}
	for _, f := range p.files {
		for _, at := range importLine.FindAllSubmatchIndex(f.Text, -1) {
			for _, name := range importable(whole, f.Name, f.Text, at) {
				if read[name] || missing[name] || !whole[name] || !p.ofSQLAlchemy(name, whole) {
					continue
				}
				missing[name] = true
				if first == nil {
					first = &Problem{Path: f.Name, Line: 1 + bytes.Count(f.Text[:at[0]], []byte("\n")), Warning: true, Reason: name}
				}
			}
		}
	}
	if first != nil {
		more := ""
		if n := len(missing) - 1; n > 0 {
			more = " and " + strconv.Itoa(n) + " more"
		}
		first.Reason = fmt.Sprintf("imports %s%s, which the paths leave out: what is queried or read there is not known; name the whole program", first.Reason, more)
		p.problems = append(p.problems, *first)
	}
	return nil
}

// importable are the files that an import in a file of that name may mean: of the nearest folder that has one.
func importable(exists map[string]bool, from string, text []byte, at []int) []string {
	group := func(n int) string {
		if at[2*n] < 0 {
			return ""
		}
		return string(text[at[2*n]:at[2*n+1]])
	}
	module := group(1) + group(3)
	dotted := strings.TrimLeft(module, ".")
	level := len(module) - len(dotted)
	rel := strings.ReplaceAll(dotted, ".", "/")
	dirs := []string{path.Dir(from)}
	for dirs[0] != "." && path.Dir(dirs[len(dirs)-1]) != dirs[len(dirs)-1] {
		dirs = append(dirs, path.Dir(dirs[len(dirs)-1]))
	}
	if level > 0 {
		if level > len(dirs) {
			return nil
		}
		dirs = dirs[level-1 : level]
	}
	for _, dir := range dirs {
		base := path.Join(dir, rel)
		var found []string
		for _, name := range append([]string{""}, strings.FieldsFunc(group(2), func(r rune) bool { return strings.ContainsRune(" \t\r\n,()\\", r) })...) {
			if rel == "" && name == "" {
				continue
			}
			for _, file := range []string{path.Join(base, name) + ".py", path.Join(base, name, "__init__.py")} {
				if exists[file] {
					found = append(found, file)
				}
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// ofSQLAlchemy reports whether a file names SQLAlchemy, or, of a package, one of its modules does.
func (p *program) ofSQLAlchemy(name string, whole map[string]bool) bool {
	names := []string{name}
	if dir := path.Dir(name); path.Base(name) == "__init__.py" {
		for other := range whole {
			if path.Dir(other) == dir {
				names = append(names, other)
			}
		}
	}
	return slices.ContainsFunc(names, func(name string) bool {
		text, err := os.ReadFile(p.onDisk(name))
		return err == nil && concerns(text)
	})
}

func (p *program) onDisk(name string) string { return filepath.Join(p.root, filepath.FromSlash(name)) }
