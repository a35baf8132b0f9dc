package main

import (
	"bytes"
	"context"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lazyfix/lazyfix/rewrite"
)

// options are those that the analysis gets.
func options(t *testing.T, args ...string) (got rewrite.Options, code int, errors string) {
	t.Helper()
	var wrong bytes.Buffer
	p := program{stdout: &bytes.Buffer{}, stderr: &wrong, stdin: strings.NewReader(""), rules: []rewrite.Rule{{Name: "noload"}, {Name: "implicit-lazy"}}}
	p.analyze = func(_ context.Context, o rewrite.Options) (*rewrite.Result, error) {
		got = o
		return &rewrite.Result{}, nil
	}
	code = p.run(t.Context(), args)
	return got, code, wrong.String()
}

func TestFlagsOverConfiguration(t *testing.T) {
	folder(t, map[string]string{
		"pyproject.toml":         "[tool.other]\nx = 1\n[tool.lazyfix]\nselect = ['noload']\nexclude = ['gen', '/app/old/', '!app/old/x.py', 'lib/*.py']\nlazy = 'raise'\nunsafe = true\n",
		"app/a.py":               "",
		"app/pyproject.toml":     "[tool.other]\n",
		"both/lazyfix.toml":      "ignore = ['noload']\n",
		"both/pyproject.toml":    "[tool.lazyfix]\nignore = ['implicit-lazy']\n",
		"repo/.git/HEAD":         "",
		"repo/a.py":              "",
		"empty/pyproject.toml":   "[tool.lazyfix]\n",
		"b[1]/sub/lazyfix.toml":  "exclude = ['x/y']\n",
		"b[1]/sub/deep/notes.md": "",
	})
	check := func(want rewrite.Options, args ...string) {
		t.Helper()
		got, code, errors := options(t, args...)
		got.Paths, got.Cache = nil, "" // the cache is of the machine, not of the configuration
		got.Tracked = nil              // a function equals nothing
		if code != 0 || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: exit code %d, %s\ngot  %+v\nwant %+v", args, code, errors, got, want)
		}
	}
	file := rewrite.Options{Select: []string{"noload"}, Exclude: []string{"gen", "/app/old/", "!app/old/x.py", "lib/*.py"}, Lazy: "raise", Unsafe: true}
	check(file)
	check(file, "app/a.py") // the nearer pyproject.toml says nothing
	check(rewrite.Options{Select: []string{"implicit-lazy", "noload"}, Ignore: []string{"noload"}, Exclude: []string{"a,b", "c"}, Lazy: "noload", Jobs: 3},
		"--select", "implicit-lazy, noload", "--ignore=noload", "--exclude", "a,b", "--exclude", "c", "--lazy=noload", "--unsafe=false", "-j3")
	check(rewrite.Options{Ignore: []string{"noload"}}, "both")
	check(rewrite.Options{}, "repo/a.py") // not beyond the repository
	check(rewrite.Options{}, "empty")
	check(rewrite.Options{Exclude: []string{`b\[1]/sub/x/y`}}, "b[1]/sub/deep")
	check(rewrite.Options{StdinName: "repo/a.py", Stdin: []byte{}}, "-", "--stdin-filename", "repo/a.py")
	t.Chdir("app")
	file.Exclude = []string{"gen", "../app/old/", "!../app/old/x.py", "../lib/*.py"}
	check(file, "a.py")
}

func TestBadConfiguration(t *testing.T) {
	for _, test := range []struct{ name, content, want string }{
		{"lazyfix.toml", "selct = []", "lazyfix: lazyfix.toml: there is no key \"selct\" (did you mean select?)\n"},
		{"lazyfix.toml", "[tool.lazyfix]\nselect = []", "lazyfix.toml: there is no key \"tool.lazyfix\": the keys of this file stand at its top, without [tool.lazyfix]\n"},
		{"pyproject.toml", "[tool.lazyfix]\nlazzy = 'raise'\n[tool.black]\nx=1", "pyproject.toml: there is no key \"lazzy\" (did you mean lazy?)"},
		{"pyproject.toml", "[tool.lazyfix.deep]\nx = 1", "pyproject.toml: there is no key \"deep"},
		{"pyproject.toml", "[tool.lazyfix]\nunsafe = 'yes'", "pyproject.toml:2: unsafe: want true or false, not the string \"yes\"\n"},
		{"pyproject.toml", "[tool.lazyfix.select]\nx = 1", "pyproject.toml:1: select: want a list of strings, not a table\n"},
		{"pyproject.toml", "\ntool = 1", "pyproject.toml:2: tool: want a table\n"},
		{"pyproject.toml", "[tool]\nlazyfix = 'x'", "pyproject.toml:2: tool.lazyfix: want a table\n"},
		{"pyproject.toml", "[[tool.lazyfix]]\nlazy = 'raise'", "pyproject.toml:1: tool.lazyfix: want a table\n"},
		{"lazyfix.toml", "\n\nselect = 'noload'", "lazyfix.toml:3: select: want a list of strings, not the string \"noload\"\n"},
		{"lazyfix.toml", "ignore = ['noload', 1]", "lazyfix.toml:1: ignore: want a list of strings, not a list with the number 1 in it\n"},
		{"lazyfix.toml", "lazy = ['raise']", "lazyfix.toml:1: lazy: want a string, not a list\n"},
		{"lazyfix.toml", "baseline = 2026-01-01", "lazyfix.toml:1: baseline: want a string, not a date or time\n"},
		{"lazyfix.toml", "eager = true", "lazyfix.toml:1: eager: want a string, not true\n"},
		{"lazyfix.toml", "exclude = ['[']", "lazyfix.toml: exclude: \"[\" is not a pattern as in .gitignore\n"},
		{"lazyfix.toml", "exclude = ['./gen']", "lazyfix.toml: exclude: \"./gen\" can match nothing, as in .gitignore: write \"/gen\"\n"},
		{"lazyfix.toml", "exclude = ['!./gen/']", "lazyfix.toml: exclude: \"!./gen/\" can match nothing, as in .gitignore: write \"!/gen/\"\n"},
		{"lazyfix.toml", "exclude = ['a/./b']", "lazyfix.toml: exclude: \"a/./b\" can match nothing, as in .gitignore: no path has an empty part or a part \".\"\n"},
		{"lazyfix.toml", "exclude = ['a//b']", "lazyfix.toml: exclude: \"a//b\" can match nothing, as in .gitignore: no path has an empty part or a part \".\"\n"},
		{"lazyfix.toml", "select = []", "lazyfix.toml: select: the list is empty: leave the key out for all rules\n"},
		{"lazyfix.toml", "baseline = 'gone.json'", "lazyfix.toml: baseline: there is no file gone.json; --write-baseline gone.json makes it\n"},
		{"lazyfix.toml", "select = ['noload']\nignore = ['noload']", "no rule is left to run"},
		{"pyproject.toml", "[tool.lazyfix]\nlazy = = 1\n", "pyproject.toml:2: "},
		{"lazyfix.toml", "lazy = 'nolod'", "lazyfix.toml: lazy: there is no value \"nolod\" (did you mean noload?)"},
		{"lazyfix.toml", "ignore = ['no-load']", "lazyfix.toml: ignore: there is no rule \"no-load\" (did you mean noload?)"},
	} {
		folder(t, map[string]string{test.name: test.content})
		if _, code, errors := options(t); code != 2 || !strings.Contains(errors, test.want) {
			t.Errorf("%s %q: exit code %d, %s", test.name, test.content, code, errors)
		}
	}
}

// TestConfigurationOfTheFirstPath holds for all paths, and what others have is said to be passed over.
func TestConfigurationOfTheFirstPath(t *testing.T) {
	folder(t, map[string]string{
		"a/lazyfix.toml": "lazy = 'raise'\n", "b/pyproject.toml": "[tool.lazyfix]\nlazy = 'noload'\n",
		"b/one.py": "", "b/two.py": "", "a/one.py": "", "a/sub/two.py": "", "c/one.py": "",
	})
	for _, test := range []struct {
		args []string
		lazy string
		want string
	}{
		{[]string{"a/one.py", "b/one.py", "b/two.py", "b", "c", "a/sub"}, "raise", "lazyfix: warning: the configuration of b/one.py, b/pyproject.toml, is not used: a/lazyfix.toml, that of the first path, holds for all\n"},
		{[]string{"b", "a"}, "noload", "lazyfix: warning: the configuration of a, a/lazyfix.toml, is not used: b/pyproject.toml, that of the first path, holds for all\n"},
		{[]string{"c", "a"}, "", "lazyfix: warning: the configuration of a, a/lazyfix.toml, is not used: the first path, c, has none, and that holds for all\n"},
		{[]string{"a", "a/sub", "c"}, "raise", ""},
		{[]string{"-q", "b", "a"}, "noload", ""},
	} {
		got, code, errors := options(t, test.args...)
		if code != 0 || got.Lazy != test.lazy || warnings(errors) != test.want {
			t.Errorf("%q: exit code %d, lazy %q, %s", test.args, code, got.Lazy, errors)
		}
	}
}

// warnings are the lines that are some.
func warnings(text string) (out string) {
	for line := range strings.Lines(text) {
		if strings.Contains(line, "warning: ") {
			out += line
		}
	}
	return out
}

// TestKeysOfTheDocs: the README has a row for each key of a configuration, and no other, with its type and, first of those
// that are named, the value that holds without it.
func TestKeysOfTheDocs(t *testing.T) {
	readme := content(t, "../../README.md")
	var found []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\| (a list of strings|a string|true or false) \\| (.+?) \\|").FindAllStringSubmatch(readme, -1) {
		found = append(found, m[1]+": "+m[2])
		values := map[string][]string{"lazy": lazyValues, "eager": eagerValues, "to-one": toOneValues, "unsafe": {"false"}}[m[1]]
		if values == nil && m[3] != "none" && m[3] != "all rules" || values != nil && m[3] != "`"+values[0]+"`" {
			t.Errorf("%s: %s is not what holds without it", m[1], m[3])
		}
	}
	var want []string
	for i := range reflect.TypeFor[config]().NumField() {
		if f := reflect.TypeFor[config]().Field(i); f.Tag.Get("toml") != "" {
			want = append(want, f.Tag.Get("toml")+": "+reflect.Zero(f.Type).Interface().(interface{ wanted() string }).wanted())
		}
	}
	if !slices.Equal(found, want) {
		t.Errorf("the README has\n%s\nand lazyfix\n%s", strings.Join(found, "\n"), strings.Join(want, "\n"))
	}
}
