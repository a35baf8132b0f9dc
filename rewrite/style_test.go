package rewrite

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
)

func TestConfiguredFormatter(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       formatter
	}{
		{"pyproject.toml", "[tool.black]\nline-length = 99\n[tool.ruff]\nselect = []\n", formatter{width: 99}},
		{"pyproject.toml", "[tool.ruff]\nline-length = 120\n", formatter{width: 120, ruff: true}},
		{"pyproject.toml", "[tool.ruff.lint.isort]\nforce-single-line = true\nsingle-line-exclusions = [\"typing\"]\n",
			formatter{ruff: true, imports: &pyedit.ImportStyle{SingleLine: true, Together: []string{"typing"}}}},
		{"ruff.toml", "line-length = 100\n[lint.isort]\ncombine-as-imports = true\n",
			formatter{100, true, &pyedit.ImportStyle{CombineAs: true}}},
		{"pyproject.toml", "[tool.isort]\nprofile = \"google\"\nline_length = 80\n", formatter{width: 80, imports: &pyedit.ImportStyle{SingleLine: true}}},
		{"pyproject.toml", "[tool.isort]\nprofile = \"google\"\nforce_single_line = false\n", formatter{imports: &pyedit.ImportStyle{}}},
		{"pyproject.toml", "[tool.other]\n", formatter{}},
		{"pyproject.toml", "[tool.", formatter{}},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, c.name), []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := configured(dir); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %+v, want %+v", c.text, got, c.want)
		}
	}
}
