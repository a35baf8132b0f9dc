package template

import (
	"sort"
	"strconv"
)

// translator makes the Python text of one template.
type translator struct {
	set     *set
	file    File
	text    string
	pieces  []piece
	next    int             // of pieces
	macros  map[string]bool // of this template
	head    text            // imports
	funcs   []*function
	cur     *function
	unique  int
	defined []string // macros with parameters
	extends []*expr
	without map[string]bool // blocks that a child overrides
	blocks  map[string]bool // blocks that this template has and that do not ask for their parent's
	sup     bool            // the block at hand asks for its parent's
}

// function is one Python function on its way.
type function struct {
	name   string
	params string // of a macro, in front of what it takes from the context
	macro  bool
	out    text
	indent int
	free   map[string]bool // what it takes from the context
	open   bool            // it takes what nobody can say
	scopes []*scope
}

// scope holds what one construct binds: Jinja's name -> Python's.
type scope struct {
	names      map[string]string
	namespaces map[string]bool
}

func newScope() *scope { return &scope{names: map[string]string{}, namespaces: map[string]bool{}} }

func newFunction(name string) *function {
	return &function{name: name, indent: 1, free: map[string]bool{}, scopes: []*scope{newScope()}}
}

// lookup is the Python name for a name; one that nothing binds comes from the context.
func (t *translator) lookup(name string) string {
	for i := len(t.cur.scopes) - 1; i >= 0; i-- {
		if py, ok := t.cur.scopes[i].names[name]; ok {
			return py
		}
	}
	switch {
	case t.macros[name]:
		return mangle(name)
	case t.set.aliases[t.file.Path][name] != "":
		return t.set.aliases[t.file.Path][name]
	case name == "range" || name == "dict" || name == "super" || name == "self" || name == "loop":
		return name
	case name == "caller" || name == "kwargs" || name == "varargs":
		if t.cur.macro {
			return name
		}
	}
	t.cur.free[name] = true
	return mangle(name)
}

// hides reports whether something binds a name at this place.
func (t *translator) hides(name string) bool {
	for _, s := range t.cur.scopes {
		if _, ok := s.names[name]; ok {
			return true
		}
	}
	return false
}

// bind gives a name a Python name of its own in the innermost scope. In the outermost one it is the name itself, which
// may be of the context before.
func (t *translator) bind(name string) string {
	s := t.cur.scopes[len(t.cur.scopes)-1]
	if py, ok := s.names[name]; ok {
		return py
	}
	py := mangle(name)
	if len(t.cur.scopes) == 1 {
		t.cur.free[name] = true
	} else {
		t.unique++
		py = name + "__" + strconv.Itoa(t.unique)
	}
	s.names[name] = py
	return py
}

func (t *translator) namespaceOf(name string) string {
	for i := len(t.cur.scopes) - 1; i >= 0; i-- {
		s := t.cur.scopes[i]
		if py, ok := s.names[name]; ok {
			if s.namespaces[name] {
				return py
			}
			return ""
		}
	}
	return ""
}

func (t *translator) enter() { t.cur.scopes = append(t.cur.scopes, newScope()) }

func (t *translator) leave() { t.cur.scopes = t.cur.scopes[:len(t.cur.scopes)-1] }

// sortedNames are the keys of a set, in order.
func sortedNames(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for name := range m {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}
