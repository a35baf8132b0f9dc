package rewrite

import (
	"path/filepath"
	"sync"

	"github.com/BurntSushi/toml"

	"github.com/lazyfix/lazyfix/internal/smallfile"
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pylayout"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// styles knows what each folder's formatter is set to, and how each module is written: to measure that goes through its
// whole tree, and every edit asks for it. Safe for concurrent use.
type styles struct {
	root      string
	mu        sync.Mutex
	formatter map[string]formatter
	measured  map[*pymodule.Module]func() pyedit.Style
}

// formatter is what a folder's configuration says of how its files are formatted.
type formatter struct {
	width int  // 0 when it does not say
	ruff  bool // ruff is set up, and black is not
}

func newStyles(root string) *styles {
	return &styles{root: root, formatter: map[string]formatter{}, measured: map[*pymodule.Module]func() pyedit.Style{}}
}

// of is the style of a module's file. It is measured once, without keeping those up who ask for another's.
func (s *styles) of(m *pymodule.Module) pyedit.Style {
	s.mu.Lock()
	measured := s.measured[m]
	if measured == nil {
		width := s.lookup(s.folder(m)).width
		measured = sync.OnceValue(func() pyedit.Style { return pyedit.StyleOf(m.Tree, width) })
		s.measured[m] = measured
	}
	s.mu.Unlock()
	return measured()
}

func (s *styles) folder(m *pymodule.Module) string {
	return filepath.Dir(filepath.Join(s.root, filepath.FromSlash(m.Path)))
}

// layout is how the lines of a module's file are broken.
func (s *styles) layout(m *pymodule.Module) pylayout.Style {
	style := s.of(m)
	s.mu.Lock()
	defer s.mu.Unlock()
	return pylayout.Style{Width: style.Width, Indent: style.Indent, Newline: style.Newline, Ruff: s.lookup(s.folder(m)).ruff}
}

// lookup is the nearest configuration with a width, else the nearest that names a formatter. A file that cannot be read
// sets nothing: it is not ours to complain about.
func (s *styles) lookup(dir string) formatter {
	if f, ok := s.formatter[dir]; ok {
		return f
	}
	f := configured(dir)
	if f.width == 0 && dir != s.root && len(dir) > len(s.root) {
		above := s.lookup(filepath.Dir(dir))
		f = formatter{above.width, f.ruff || above.ruff}
	}
	s.formatter[dir] = f
	return f
}

func configured(dir string) formatter {
	type lineLength struct {
		Length int `toml:"line-length"`
	}
	for _, name := range []string{"ruff.toml", ".ruff.toml"} {
		var c lineLength
		if data, err := smallfile.Read(filepath.Join(dir, name)); err == nil {
			if toml.Unmarshal(data, &c) == nil {
				return formatter{c.Length, true}
			}
		}
	}
	var c struct {
		Tool struct {
			Ruff  *lineLength `toml:"ruff"`
			Black *lineLength `toml:"black"`
			Isort struct {
				Length int `toml:"line_length"`
			} `toml:"isort"`
		} `toml:"tool"`
	}
	data, err := smallfile.Read(filepath.Join(dir, "pyproject.toml"))
	if err != nil || toml.Unmarshal(data, &c) != nil {
		return formatter{}
	}
	f := formatter{ruff: c.Tool.Ruff != nil && c.Tool.Black == nil}
	switch {
	case c.Tool.Ruff != nil && c.Tool.Ruff.Length > 0:
		f.width = c.Tool.Ruff.Length
	case c.Tool.Black != nil && c.Tool.Black.Length > 0:
		f.width = c.Tool.Black.Length
	default:
		f.width = c.Tool.Isort.Length
	}
	return f
}
