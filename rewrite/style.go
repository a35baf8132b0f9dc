package rewrite

import (
	"path/filepath"
	"sync"

	"github.com/BurntSushi/toml"

	"github.com/lazyfix/lazyfix/internal/smallfile"
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// styles knows the line length that each folder's formatter is set to, and how each module is written: to measure that
// goes through its whole tree, and every edit asks for it. Safe for concurrent use.
type styles struct {
	root     string
	mu       sync.Mutex
	width    map[string]int
	measured map[*pymodule.Module]func() pyedit.Style
}

func newStyles(root string) *styles {
	return &styles{root: root, width: map[string]int{}, measured: map[*pymodule.Module]func() pyedit.Style{}}
}

// of is the style of a module's file. It is measured once, without keeping those up who ask for another's.
func (s *styles) of(m *pymodule.Module) pyedit.Style {
	s.mu.Lock()
	measured := s.measured[m]
	if measured == nil {
		width := s.lookup(filepath.Dir(filepath.Join(s.root, filepath.FromSlash(m.Path))))
		measured = sync.OnceValue(func() pyedit.Style { return pyedit.StyleOf(m.Tree, width) })
		s.measured[m] = measured
	}
	s.mu.Unlock()
	return measured()
}

// lookup is the width of the nearest configuration, 0 when there is none up to the root. A file that cannot be read
// sets nothing: it is not ours to complain about.
func (s *styles) lookup(dir string) int {
	if w, ok := s.width[dir]; ok {
		return w
	}
	w := configured(dir)
	if w == 0 && dir != s.root && len(dir) > len(s.root) {
		w = s.lookup(filepath.Dir(dir))
	}
	s.width[dir] = w
	return w
}

func configured(dir string) int {
	type lineLength struct {
		Length int `toml:"line-length"`
	}
	for _, name := range []string{"ruff.toml", ".ruff.toml"} {
		var c lineLength
		if data, err := smallfile.Read(filepath.Join(dir, name)); err == nil {
			if toml.Unmarshal(data, &c) == nil && c.Length > 0 {
				return c.Length
			}
		}
	}
	var c struct {
		Tool struct {
			Ruff  lineLength `toml:"ruff"`
			Black lineLength `toml:"black"`
			Isort struct {
				Length int `toml:"line_length"`
			} `toml:"isort"`
		} `toml:"tool"`
	}
	data, err := smallfile.Read(filepath.Join(dir, "pyproject.toml"))
	if err != nil || toml.Unmarshal(data, &c) != nil {
		return 0
	}
	for _, w := range []int{c.Tool.Ruff.Length, c.Tool.Black.Length, c.Tool.Isort.Length} {
		if w > 0 {
			return w
		}
	}
	return 0
}
