package pyedit

import (
	"cmp"
	"strings"
	"unicode"
)

// sortKey orders import statements as isort and ruff do by default inside a section.
type sortKey struct {
	from   bool // `from m import` stands behind `import m`
	dots   int  // of a relative import: the furthest first
	module string
	name   string // the first
	alias  string
}

func keyOf(i Import) sortKey {
	module := strings.TrimLeft(i.Module, ".")
	return sortKey{from: i.Name != "", dots: len(i.Module) - len(module), module: module, name: i.Name, alias: i.Alias}
}

// root is the package that the module belongs to, "." for a relative import.
func (k sortKey) root() string {
	if k.dots > 0 {
		return "."
	}
	root, _, _ := strings.Cut(k.module, ".")
	return root
}

func compareKeys(a, b sortKey) int {
	if a.from != b.from {
		if b.from {
			return -1
		}
		return 1
	}
	return compareModules(a, b)
}

// compareModules is compareKeys for files that mix the two forms.
func compareModules(a, b sortKey) int {
	return cmp.Or(cmp.Compare(b.dots, a.dots), folded(a.module, b.module), cmp.Compare(a.module, b.module),
		byType(a.name, b.name), cmp.Compare(a.alias, b.alias))
}

// orderOf is the order that names have, nil when they have none of the usual ones: by type, without case, by bytes.
func orderOf(names []Import) func(a, b string) int {
	for _, order := range []func(a, b string) int{byType, folded, strings.Compare} {
		sorted := true
		for i := 1; i < len(names); i++ {
			sorted = sorted && order(names[i-1].clause(), names[i].clause()) <= 0
		}
		if sorted {
			return order
		}
	}
	return nil
}

// byType is the default of isort and ruff: constants, then classes, then the rest.
func byType(a, b string) int {
	return cmp.Or(cmp.Compare(typeOf(a), typeOf(b)), folded(a, b), cmp.Compare(a, b))
}

func typeOf(name string) int {
	name, _, _ = strings.Cut(name, " ")
	switch {
	case len(name) > 1 && strings.ToUpper(name) == name && strings.ToLower(name) != name:
		return 0
	case name != "" && unicode.IsUpper([]rune(name)[0]):
		return 1
	}
	return 2
}

// folded compares without case, and numbers by value.
func folded(a, b string) int {
	a, b = strings.ToLower(a), strings.ToLower(b)
	for a != "" && b != "" {
		an, bn := digits(a), digits(b)
		if an > 0 && bn > 0 {
			x, y := strings.TrimLeft(a[:an], "0"), strings.TrimLeft(b[:bn], "0")
			if c := cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y)); c != 0 {
				return c
			}
			a, b = a[an:], b[bn:]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

func digits(s string) int {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n
}
