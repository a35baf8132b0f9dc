package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/lazyfix/lazyfix/internal/smallfile"
	"github.com/lazyfix/lazyfix/rewrite"
)

// config is lazyfix.toml, or the table [tool.lazyfix] of pyproject.toml. The README has its keys.
type config struct {
	Select  texts `toml:"select"`
	Ignore  texts `toml:"ignore"`
	Exclude texts `toml:"exclude"` // relative to the file's folder
	Lazy    text  `toml:"lazy"`
	Eager   text  `toml:"eager"`
	ToOne   text  `toml:"to-one"`
	Unsafe  yesNo `toml:"unsafe"`
	// Baseline is a file, relative to the configuration's folder; after readConfig to the working folder.
	Baseline text `toml:"baseline"`

	path string // of the file; "" where there is none
}

// configKeys are the keys that a configuration may have.
func configKeys() []string {
	var out []string
	for t, i := reflect.TypeFor[config](), 0; i < t.NumField(); i++ {
		if key := t.Field(i).Tag.Get("toml"); key != "" {
			out = append(out, key)
		}
	}
	return out
}

// configStart is the folder from which the nearest configuration is looked for: that of the first path. It holds for all
// paths, as what is read in one is decided by what stands in another.
func configStart(o rewrite.Options) string {
	if len(o.Paths) == 0 {
		return "."
	}
	return folderOf(o.Paths[0], o.StdinName)
}

// folderOf is the folder of a file, and a folder itself.
func folderOf(path, stdinName string) string {
	if path == stdinPath {
		path = filepath.Dir(stdinName)
	}
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		return filepath.Dir(path)
	}
	return path
}

// unusedConfigs says which paths behind the first have a configuration of their own, one of each file.
func unusedConfigs(o rewrite.Options, used config) (said []string) {
	seen := map[string]bool{used.path: true}
	for i, path := range o.Paths {
		folder := folderOf(path, o.StdinName)
		if i == 0 || seen[folder] {
			continue
		}
		seen[folder] = true
		own, err := findConfig(folder)
		if err != nil || own.path == "" || seen[own.path] { // one that cannot be used is not, either
			continue
		}
		seen[own.path] = true
		instead := "the first path, " + o.Paths[0] + ", has none, and that holds for all"
		if used.path != "" {
			instead = shorten(used.path) + ", that of the first path, holds for all"
		}
		said = append(said, fmt.Sprintf("the configuration of %s, %s, is not used: %s", path, shorten(own.path), instead))
	}
	return said
}

// findConfig reads the nearest configuration at or above dir, not above its repository. In one folder lazyfix.toml comes
// before pyproject.toml; a pyproject.toml without [tool.lazyfix] is passed over.
func findConfig(dir string) (config, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return config{}, err
	}
	for at := abs; ; at = filepath.Dir(at) {
		for _, name := range []string{"lazyfix.toml", "pyproject.toml"} {
			c, found, err := readConfig(filepath.Join(at, name))
			if err != nil || found {
				return c, err
			}
		}
		if filepath.Dir(at) == at || isRepository(at) {
			return config{}, nil
		}
	}
}

// readConfig reads one file; found is false where it does not exist or says nothing of lazyfix.
func readConfig(path string) (c config, found bool, err error) {
	content, err := smallfile.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, false, nil
	}
	shown := shorten(path)
	if err != nil {
		return c, false, fmt.Errorf("configuration: %w", err)
	}
	var table struct {
		Tool struct {
			Lazyfix *config `toml:"lazyfix"`
		} `toml:"tool"`
	}
	var prefix toml.Key
	var meta toml.MetaData
	if filepath.Base(path) == "pyproject.toml" {
		prefix = toml.Key{"tool", "lazyfix"}
		meta, err = toml.Decode(string(content), &table)
	} else {
		table.Tool.Lazyfix = &config{}
		meta, err = toml.Decode(string(content), table.Tool.Lazyfix)
	}
	if err != nil {
		return c, false, configError(shown, meta, err)
	}
	if table.Tool.Lazyfix == nil {
		return c, false, nil
	}
	for _, key := range meta.Undecoded() {
		if len(key) > len(prefix) && key[:len(prefix)].String() == prefix.String() {
			name := key[len(prefix):].String()
			if key[0] == "tool" && len(prefix) == 0 {
				return c, false, usagef("%s: there is no key %q: the keys of this file stand at its top, without [tool.lazyfix]", shown, name)
			}
			return c, false, usagef("%s: there is no key %q%s", shown, name, suggest(name, configKeys(), ""))
		}
	}
	c = *table.Tool.Lazyfix
	c.path = path
	if name := string(c.Baseline); name != "" && !filepath.IsAbs(name) {
		c.Baseline = text(shorten(filepath.Join(filepath.Dir(path), filepath.FromSlash(name))))
	}
	if err := checkPatterns(shown+": exclude", c.Exclude); err != nil {
		return c, false, err
	}
	return c, true, c.rebase()
}

// configError names the file, what is wrong with which key and, where the parser knows it, the line.
func configError(shown string, meta toml.MetaData, err error) error {
	var parse toml.ParseError
	if !errors.As(err, &parse) { // all keys have types of ours: it is what they stand in
		key := "tool.lazyfix"
		if !meta.IsDefined("tool", "lazyfix") {
			key = "tool"
		}
		if line := lineOf(err); line > 0 {
			shown += fmt.Sprintf(":%d", line)
		}
		return usagef("%s: %s: want a table", shown, key)
	}
	if strings.HasPrefix(parse.Message, wanted) {
		return usagef("%s:%d: %s: %s", shown, parse.Position.Line, strings.TrimPrefix(parse.LastKey, "tool.lazyfix."), parse.Message)
	}
	return usagef("%s:%d: %s", shown, parse.Position.Line, parse.Message)
}

// check refuses rules and values that do not exist.
func (c config) check(rules []rewrite.Rule) error {
	shown := shorten(c.path)
	if c.Select != nil && len(c.Select) == 0 {
		return usagef("%s: select: the list is empty: leave the key out for all rules", shown)
	}
	return errors.Join(checkRules(c.Select, rules, shown+": select"), checkRules(c.Ignore, rules, shown+": ignore"),
		checkValue(shown+": lazy", string(c.Lazy), lazyValues), checkValue(shown+": eager", string(c.Eager), eagerValues),
		checkValue(shown+": to-one", string(c.ToOne), toOneValues))
}

// checkPatterns refuses what is no pattern, and what git would take for one that no path can match; from names where it
// was written.
func checkPatterns(from string, patterns []string) error {
	for _, pattern := range patterns {
		if !rewrite.IsPattern(pattern) {
			return usagef("%s: %q is not a pattern as in .gitignore", from, pattern)
		}
		body := strings.TrimPrefix(pattern, "!")
		if rest, found := strings.CutPrefix(body, "./"); found {
			return usagef("%s: %q can match nothing, as in .gitignore: write %q", from, pattern, strings.TrimSuffix(pattern, body)+"/"+rest)
		}
		if slices.Contains(strings.Split(strings.Trim(body, "/"), "/"), ".") || strings.Contains(body, "//") {
			return usagef("%s: %q can match nothing, as in .gitignore: no path has an empty part or a part \".\"", from, pattern)
		}
	}
	return nil
}

// rebase writes the Exclude patterns that have a slash, which are relative to the file's folder, relative to the working
// folder, as rewrite.Options wants them.
func (c config) rebase() error {
	here, err := filepath.Abs(".")
	if err == nil {
		here, err = filepath.EvalSymlinks(here)
	}
	if err != nil {
		return err
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(c.path))
	if err != nil {
		return err
	}
	rel, err := filepath.Rel(here, dir)
	if err != nil {
		return err
	}
	if rel == "." {
		return nil
	}
	for i, pattern := range c.Exclude {
		body, negated := strings.CutPrefix(pattern, "!")
		if !strings.Contains(strings.TrimSuffix(body, "/"), "/") {
			continue
		}
		c.Exclude[i] = quoteGlob(filepath.ToSlash(rel)) + "/" + strings.TrimPrefix(body, "/")
		if negated {
			c.Exclude[i] = "!" + c.Exclude[i]
		}
	}
	return nil
}

// quoteGlob makes a path a pattern for itself.
func quoteGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`, `!`, `\!`, `#`, `\#`).Replace(path)
}

// shorten shows a path relative to the working folder where that is shorter.
func shorten(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	if rel, err := filepath.Rel(here, path); err == nil && len(rel) < len(path) {
		return filepath.ToSlash(rel)
	}
	return path
}
