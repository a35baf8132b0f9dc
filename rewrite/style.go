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
	// imports is what isort is set to, nil where it is not
	imports *pyedit.ImportStyle
}

func newStyles(root string) *styles {
	return &styles{root: root, formatter: map[string]formatter{}, measured: map[*pymodule.Module]func() pyedit.Style{}}
}

// of is the style of a module's file. It is measured once, without keeping those up who ask for another's.
func (s *styles) of(m *pymodule.Module) pyedit.Style {
	s.mu.Lock()
	measured := s.measured[m]
	if measured == nil {
		set := s.lookup(s.folder(m))
		measured = sync.OnceValue(func() pyedit.Style {
			style := pyedit.StyleOf(m.Tree, set.width)
			if set.imports != nil {
				style.Imports = *set.imports
			}
			return style
		})
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
		f.width, f.ruff = above.width, f.ruff || above.ruff
		if f.imports == nil {
			f.imports = above.imports
		}
	}
	s.formatter[dir] = f
	return f
}

// ruffSettings is the part of ruff's configuration that says how a file looks.
type ruffSettings struct {
	Length int          `toml:"line-length"`
	Isort  *ruffImports `toml:"isort"` // before ruff 0.1
	Lint   *ruffLinting `toml:"lint"`
}

type ruffLinting struct {
	Isort *ruffImports `toml:"isort"`
}

type ruffImports struct {
	SingleLine bool     `toml:"force-single-line"`
	Together   []string `toml:"single-line-exclusions"`
	CombineAs  bool     `toml:"combine-as-imports"`
}

func (r ruffSettings) imports() *pyedit.ImportStyle {
	set := r.Isort
	if r.Lint != nil && r.Lint.Isort != nil {
		set = r.Lint.Isort
	}
	if set == nil {
		return nil
	}
	return &pyedit.ImportStyle{SingleLine: set.SingleLine, Together: set.Together, CombineAs: set.CombineAs}
}

func configured(dir string) formatter {
	for _, name := range []string{"ruff.toml", ".ruff.toml"} {
		var c ruffSettings
		if data, err := smallfile.Read(filepath.Join(dir, name)); err == nil {
			if toml.Unmarshal(data, &c) == nil {
				return formatter{c.Length, true, c.imports()}
			}
		}
	}
	var c struct {
		Tool struct {
			Ruff  *ruffSettings `toml:"ruff"`
			Black *struct {
				Length int `toml:"line-length"`
			} `toml:"black"`
			Isort *struct {
				Profile    string   `toml:"profile"`
				Length     int      `toml:"line_length"`
				SingleLine *bool    `toml:"force_single_line"`
				Together   []string `toml:"single_line_exclusions"`
				CombineAs  bool     `toml:"combine_as_imports"`
			} `toml:"isort"`
		} `toml:"tool"`
	}
	data, err := smallfile.Read(filepath.Join(dir, "pyproject.toml"))
	if err != nil || toml.Unmarshal(data, &c) != nil {
		return formatter{}
	}
	ruff, black, isort := c.Tool.Ruff, c.Tool.Black, c.Tool.Isort
	f := formatter{ruff: ruff != nil && black == nil}
	if isort != nil {
		f.width = isort.Length
		f.imports = &pyedit.ImportStyle{SingleLine: isort.Profile == "google", Together: isort.Together, CombineAs: isort.CombineAs}
		if isort.SingleLine != nil {
			f.imports.SingleLine = *isort.SingleLine
		}
	}
	if black != nil && black.Length > 0 {
		f.width = black.Length
	}
	if ruff != nil {
		if ruff.Length > 0 {
			f.width = ruff.Length
		}
		if set := ruff.imports(); set != nil {
			f.imports = set
		}
	}
	return f
}
