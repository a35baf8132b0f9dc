package source

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/lazyfix/lazyfix/internal/smallfile"
)

// verdict is what ignore files say of a path.
type verdict int

const (
	silent       verdict = iota
	ignored              // leave it out
	ignoredByGit         // leave it out, unless git has it
	kept                 // a pattern with ! keeps it
)

// pattern is one line of an ignore file. The syntax of the lines is ours, the globbing is doublestar's: the matchers for
// whole ignore files that can be had either lack the backtracking of ** and [!a] (go-git's) or have not been kept for
// years. A test compares the outcome with git itself.
type pattern struct {
	glob    string
	literal bool // the glob has no special character
	rooted  bool // matched against the whole path under the file's folder, else against the last name
	dirOnly bool
	negated bool
}

// parsePattern reads a line as git does; ok is false for blank lines, comments and what can match nothing.
func parsePattern(line string) (p pattern, ok bool) {
	line = strings.TrimSuffix(line, "\r")
	if line == "" || line[0] == '#' {
		return p, false
	}
	line = trimSpaces(line)
	if rest, found := strings.CutPrefix(line, "!"); found {
		p.negated, line = true, rest
	}
	if rest, found := strings.CutSuffix(line, "/"); found {
		p.dirOnly, line = true, rest
	}
	p.rooted = strings.Contains(line, "/")
	line = strings.TrimPrefix(line, "/")
	if line == "" {
		return p, false
	}
	p.glob = translate(line)
	if p.rooted && strings.HasSuffix(p.glob, "/**") {
		p.glob += "/*" // in git a/** is all that is in a, not a itself
	}
	p.literal = !strings.ContainsAny(p.glob, `*?[\{`)
	return p, p.literal || doublestar.ValidatePattern(p.glob)
}

// IsPattern reports whether a line is one that can match something.
func IsPattern(line string) bool {
	_, ok := parsePattern(line)
	return ok
}

// trimSpaces drops trailing spaces but one that is escaped.
func trimSpaces(line string) string {
	trimmed := strings.TrimRight(line, " ")
	if len(trimmed) < len(line) && strings.HasSuffix(trimmed, `\`) && !strings.HasSuffix(trimmed, `\\`) {
		trimmed += " "
	}
	return trimmed
}

// classes are the named classes of POSIX, which doublestar does not know.
var classes = strings.NewReplacer(
	"[:alpha:]", "a-zA-Z", "[:digit:]", "0-9", "[:alnum:]", "a-zA-Z0-9", "[:upper:]", "A-Z", "[:lower:]", "a-z",
	"[:xdigit:]", "0-9a-fA-F", "[:space:]", ` \t\r\n\f\v`, "[:blank:]", ` \t`,
)

// translate writes a glob of git as one of doublestar: braces are plain characters, and a ] that opens a class is one.
func translate(glob string) string {
	var out strings.Builder
	for i := 0; i < len(glob); i++ {
		switch c := glob[i]; c {
		case '\\':
			out.WriteByte(c)
			if i++; i < len(glob) {
				out.WriteByte(glob[i])
			}
		case '{', '}':
			out.WriteByte('\\')
			out.WriteByte(c)
		case '[':
			end := classEnd(glob, i)
			if end < 0 {
				out.WriteByte(c) // malformed: it matches nothing, as in git
				continue
			}
			out.WriteString(translateClass(glob[i : end+1]))
			i = end
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}

// classEnd is the index of the ] that ends the class at start, or -1.
func classEnd(glob string, start int) int {
	i := start + 1
	if i < len(glob) && (glob[i] == '!' || glob[i] == '^') {
		i++
	}
	for first := i; i < len(glob); i++ {
		switch {
		case glob[i] == '\\':
			i++
		case strings.HasPrefix(glob[i:], "[:"):
			if n := strings.Index(glob[i:], ":]"); n > 0 {
				i += n + 1
			}
		case glob[i] == ']' && i > first:
			return i
		}
	}
	return -1
}

func translateClass(class string) string {
	open, body := "[", classes.Replace(class[1:len(class)-1])
	if body != "" && (body[0] == '!' || body[0] == '^') {
		open, body = "[^", body[1:]
	}
	if strings.HasPrefix(body, "]") {
		body = `\` + body
	}
	return open + strings.ReplaceAll(body, "[", `\[`) + "]"
}

// match says whether the pattern holds for rel, the slash-separated path under the folder of its file.
func (p pattern) match(rel string, isDir bool) bool {
	if p.dirOnly && !isDir {
		return false
	}
	if !p.rooted {
		rel = path.Base(rel)
	}
	if p.literal {
		return p.glob == rel
	}
	return doublestar.MatchUnvalidated(p.glob, rel)
}

// patterns are the lines of one ignore file. The last that matches decides.
type patterns []pattern

func parsePatterns(content []byte) patterns {
	var all patterns
	for line := range bytes.Lines(bytes.TrimPrefix(content, utf8BOM)) {
		if p, ok := parsePattern(strings.TrimSuffix(string(line), "\n")); ok {
			all = append(all, p)
		}
	}
	return all
}

func (ps patterns) verdict(rel string, isDir bool) verdict {
	for i := len(ps) - 1; i >= 0; i-- {
		if ps[i].match(rel, isDir) {
			if ps[i].negated {
				return kept
			}
			return ignored
		}
	}
	return silent
}

// scope is the ignore files of one folder and of those above it. It does not change.
type scope struct {
	above      *scope
	dir        string   // absolute, slash-separated, without symbolic links
	dotIgnore  patterns // .ignore
	gitIgnore  patterns // .gitignore
	gitExclude patterns // .git/info/exclude
	repository bool     // dir has a .git: no .gitignore above it holds
	gitIgnored bool     // dir is named by a .gitignore itself, and so is all that is in it
}

// verdict of the absolute slash path under s.dir, with ripgrep's precedence: every .ignore before any .gitignore, and
// of each kind the innermost file first.
func (s *scope) verdict(abs string, isDir bool) verdict {
	for at := s; at != nil; at = at.above {
		if v := at.dotIgnore.verdict(under(at.dir, abs), isDir); v != silent {
			return v
		}
	}
	for at := s; at != nil; at = at.above {
		if at.gitIgnored {
			return ignoredByGit
		}
		v := at.gitIgnore.verdict(under(at.dir, abs), isDir)
		if v == silent && at.repository {
			v = at.gitExclude.verdict(under(at.dir, abs), isDir)
		}
		if v == ignored {
			return ignoredByGit
		}
		if v != silent || at.repository {
			return v
		}
	}
	return silent
}

// under is the path of abs below dir.
func under(dir, abs string) string {
	return strings.TrimPrefix(strings.TrimPrefix(abs, dir), "/")
}

// open makes the scope of dir under s. Files that cannot be read are given to warn.
func (s *scope) open(dir string, warn func(path string, err error)) *scope {
	next := &scope{above: s, dir: filepath.ToSlash(dir)}
	load := func(name string) patterns {
		file := filepath.Join(dir, name)
		// As git since 2.32, and so as not to wait for a pipe: regular files only.
		info, err := os.Lstat(file)
		if err != nil || !info.Mode().IsRegular() {
			return nil
		}
		content, err := smallfile.Read(file)
		if err != nil {
			warn(file, err)
			return nil
		}
		return parsePatterns(content)
	}
	next.dotIgnore, next.gitIgnore = load(".ignore"), load(".gitignore")
	if info, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
		next.repository = true
		next.gitExclude = load(excludeFile(dir, info))
	}
	if len(next.dotIgnore) == 0 && len(next.gitIgnore) == 0 && !next.repository && s != nil {
		return s
	}
	return next
}

// excludeFile is the path of info/exclude relative to dir. In a worktree .git is a file that names the real folder, and
// what is shared between worktrees is in its commondir.
func excludeFile(dir string, git fs.FileInfo) string {
	local := filepath.Join(".git", "info", "exclude")
	if !git.Mode().IsRegular() {
		return local
	}
	pointer, err := smallfile.Read(filepath.Join(dir, ".git"))
	target, found := strings.CutPrefix(strings.TrimSpace(string(pointer)), "gitdir: ")
	if err != nil || !found {
		return local
	}
	target = absolute(dir, target)
	if common, err := smallfile.Read(filepath.Join(target, "commondir")); err == nil {
		target = absolute(target, strings.TrimSpace(string(common)))
	}
	rel, err := filepath.Rel(dir, filepath.Join(target, "info", "exclude"))
	if err != nil {
		return local
	}
	return rel
}

func absolute(base, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(base, name)
}
