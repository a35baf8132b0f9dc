package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"github.com/lazyfix/lazyfix/rewrite"
)

func TestPagesAreFresh(t *testing.T) {
	all, err := pages()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range all {
		got, err := os.ReadFile(name)
		if err != nil || string(got) != want {
			t.Errorf("docs/%s is stale (%v): run make docs", name, err)
		}
	}
}

// TestReadmePatch: the patch that the README shows is part of what lazyfix says of the sample app.
func TestReadmePatch(t *testing.T) {
	result, err := rewrite.Run(t.Context(), rewrite.Options{Paths: []string{"../fixtures/sample_app"}})
	if err != nil {
		t.Fatal(err)
	}
	var patch bytes.Buffer
	for _, c := range result.Changes {
		patch.Write(c.Unified(3))
	}
	shown := block(t, "../README.md", "diff")
	for line := range strings.Lines(shown) {
		if !strings.HasPrefix(line, "#") && !strings.Contains("\n"+patch.String(), "\n"+line) {
			t.Errorf("the README shows what the patch does not have: %s", line)
		}
	}
	if lines := strings.Count(shown, "\n"); lines > 16 {
		t.Errorf("the README shows %d lines of patch", lines)
	}
}

// block is the first fenced block of that language.
func block(t *testing.T, file, language string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile("(?s)```" + language + "\n(.*?)```").FindSubmatch(text)
	if m == nil {
		t.Fatalf("%s has no block of %s", file, language)
	}
	return string(m[1])
}

// TestDependenciesAreGrounded: dependencies.md has a row for each module that go.mod requires itself, and for no other.
func TestDependenciesAreGrounded(t *testing.T) {
	required := modules(t, "../go.mod", `(?m)^(?:require )?\s*([\w.\-]+\.[\w.\-]+/\S+) v\S+$`)
	if len(required) == 0 {
		t.Fatal("no module found in go.mod")
	}
	described := modules(t, "dependencies.md", "(?m)^\\| `([^`]+)`")
	for m := range required {
		if !described[m] {
			t.Errorf("docs/dependencies.md does not say why %s", m)
		}
	}
	for m := range described {
		if !required[m] {
			t.Errorf("docs/dependencies.md describes %s, which go.mod does not require", m)
		}
	}
}

func modules(t *testing.T, file, pattern string) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(text), -1) {
		out[m[1]] = true
	}
	return out
}

// TestLinks: the files that our pages link to exist, and the headings.
func TestLinks(t *testing.T) {
	pages, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range append(pages, "../README.md", "../CHANGELOG.md", "../CONTRIBUTING.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, m := range regexp.MustCompile(`\]\(([^)#:]*)(?:#([^)]*))?\)`).FindAllStringSubmatch(string(text), -1) {
			target := page
			if m[1] != "" {
				target = filepath.Join(filepath.Dir(page), m[1])
			}
			linked, err := os.ReadFile(target)
			if info, statErr := os.Stat(target); statErr != nil || err != nil && !info.IsDir() {
				t.Errorf("%s links to %s, which does not exist", page, m[1])
			} else if m[2] != "" && !slices.Contains(anchors(string(linked)), m[2]) {
				t.Errorf("%s links to %s#%s, and there is no such heading", page, m[1], m[2])
			}
		}
	}
}

// anchors are the headings of a page as GitHub names them.
func anchors(text string) (names []string) {
	for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		name := regexp.MustCompile(`[^\p{L}\p{N}_ -]`).ReplaceAllString(strings.ToLower(m[1]), "")
		names = append(names, strings.ReplaceAll(name, " ", "-"))
	}
	return names
}

// TestPicture: every piece of a line is drawn as its escape sequences say, and none is passed over.
func TestPicture(t *testing.T) {
	got, err := svg("lazyfix <x>", "a \x1b[1mb\x1b[0m\x1b[7;32m c\x1b[0m\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"<title>lazyfix &lt;x&gt;</title>",
		`<text x="16.0" y="47.0" textLength="15.6" fill="#e6edf3">a </text>`,
		`<text x="31.6" y="47.0" textLength="7.8" fill="#e6edf3" font-weight="bold">b</text>`,
		`<rect x="39.4" y="34.0" width="15.6" height="18.0" fill="#7ee787"/>`,
		`<text x="39.4" y="47.0" textLength="15.6" fill="#0d1117"> c</text>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the picture has no %s:\n%s", want, got)
		}
	}
	if _, err := svg("x", "\x1b[35mmagenta"); err == nil {
		t.Error("a colour that is not known is drawn")
	}
	if _, err := picture("app/nowhere.py:1:1"); err == nil {
		t.Error("there is a picture of nothing")
	}
}

// TestSettings: what the pages show of configuration files can be read.
func TestSettings(t *testing.T) {
	pages, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]int{}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile("(?sm)^```(toml|json)\n(.*?)^```").FindAllSubmatch(text, -1) {
			var into map[string]any
			read[string(m[1])]++
			if string(m[1]) == "toml" {
				err = toml.Unmarshal(m[2], &into)
			} else {
				err = json.Unmarshal(m[2], &into)
			}
			if err != nil {
				t.Errorf("%s: %v in\n%s", page, err, m[2])
			}
		}
	}
	if read["toml"] == 0 || read["json"] == 0 {
		t.Errorf("read: %v", read)
	}
}
