package template

import (
	"strconv"
	"strings"
)

func (t *translator) ifTag(p *parser) bool {
	for keyword := "if"; ; keyword = "elif" {
		e, err := p.tuple()
		if err != nil {
			return false
		}
		t.line(e.at)
		t.cur.out.add(keyword + " ")
		t.emit(e)
		t.cur.out.add(":\n")
		word, next := t.block("elif", "else", "endif")
		switch word {
		case "elif":
			p = next
			continue
		case "else":
			t.line(t.offset())
			t.cur.out.add("else:\n")
			t.block("endif")
		}
		return true
	}
}

// targets are the names that a loop or an assignment binds, as Python has them.
func (t *translator) targets(p *parser, bind func(string) string) (string, bool) {
	var b strings.Builder
	for {
		if sign, ok := p.sees("(", ")", ","); ok {
			b.WriteString(sign)
			continue
		}
		name := p.peek()
		if name == "" || name == "in" {
			break
		}
		p.at += len(name)
		b.WriteString(bind(name))
	}
	return b.String(), b.Len() > 0
}

// forHead is `for item in items if item.shown recursive`.
type forHead struct {
	names     int // where they stand
	over      *expr
	condition *expr // nil for none
	recursive bool  // loop(item.children) runs the body again
}

// forHead reads the head of a loop and binds nothing yet; false where it is none.
func (t *translator) forHead(p *parser) (h forHead, ok bool) {
	h.names = p.at
	if _, ok := t.targets(p, func(name string) string { return name }); !ok || !p.word("in") {
		return h, false
	}
	var err error
	if h.over, err = p.or(); err != nil {
		return h, false
	}
	if p.word("if") {
		if h.condition, err = p.or(); err != nil {
			return h, false
		}
	}
	h.recursive = p.word("recursive")
	return h, true
}

// forTag is a loop as one of Python. A recursive one is a function that is called with what it runs over.
func (t *translator) forTag(p *parser) bool {
	h, ok := t.forHead(p)
	if !ok {
		return false
	}
	t.enter()
	t.unique++
	loop := "loop__" + strconv.Itoa(t.unique)
	indent := t.cur.indent
	out := &t.cur.out
	if h.recursive {
		t.line(h.over.at)
		out.add("def " + loop + "(" + loop + "__items):\n")
		t.cur.indent++
	}
	bound := t.forLine(p, h, loop)
	t.cur.indent++
	if strings.Contains(t.text, "previtem") || strings.Contains(t.text, "nextitem") {
		t.line(h.over.at)
		out.add(loop + ".previtem = " + loop + ".nextitem = " + bound + "\n")
	}
	if h.condition != nil {
		t.line(h.condition.at)
		out.add("if ")
		t.emit(h.condition)
		out.add(":\n")
		t.cur.indent++
	}
	word, _ := t.body("else", "endfor")
	t.cur.indent = indent
	if h.recursive {
		t.line(h.over.at)
		out.add(loop + "(")
		t.cur.scopes[len(t.cur.scopes)-1] = newScope() // what the loop runs over does not see what it binds
		t.emit(h.over)
		out.add(")\n")
	}
	t.leave()
	if word == "else" {
		t.body("endfor")
	}
	return true
}

// forLine writes `for item in items:` and binds its names, which it returns. They are bound only behind what the loop runs over:
// `for item in item.children`.
func (t *translator) forLine(p *parser, h forHead, loop string) string {
	t.line(h.over.at)
	out := &t.cur.out
	out.add("for ")
	p.at = h.names
	head := len(out.b)
	if h.recursive {
		out.add(" in " + loop + "__items:\n")
	} else {
		out.add(" in ")
		t.emit(h.over)
		out.add(":\n")
	}
	t.cur.scopes[len(t.cur.scopes)-1].names["loop"] = loop
	bound, _ := t.targets(p, t.bind)
	out.insert(head, bound)
	return bound
}

// insert puts text at an offset.
func (t *text) insert(at int, s string) {
	t.b = append(t.b[:at], append([]byte(s), t.b[at:]...)...)
	for i := range t.from {
		if t.from[i].At > at {
			t.from[i].At += len(s)
		}
	}
}

func (t *translator) setTag(p *parser) bool {
	start := p.at
	var names []string
	t.targets(p, func(name string) string { names = append(names, name); return name })
	if len(names) == 0 {
		return false
	}
	if _, ok := p.sees("."); ok { // {% set ns.found = order %}
		attribute := p.peek()
		p.at += len(attribute)
		py := t.namespaceOf(names[0])
		if _, ok := p.sees("="); !ok || py == "" {
			return py == ""
		}
		e, err := p.tuple()
		if err != nil {
			return false
		}
		t.assign(py+"__"+attribute, e)
		return true
	}
	if _, ok := p.sees("="); !ok { // {% set title %}...{% endset %}
		t.block1("endset")
		return true
	}
	e, err := p.tuple()
	if err != nil {
		return false
	}
	if e.op == "call" && e.args[0].op == "name" && e.args[0].name == "namespace" && len(names) == 1 {
		py := t.bind(names[0])
		t.cur.scopes[len(t.cur.scopes)-1].namespaces[names[0]] = true
		for i, a := range e.args[1:] {
			if i < len(e.keys) && e.keys[i] != "" {
				t.assign(py+"__"+e.keys[i], a)
			}
		}
		return true
	}
	mark := t.line(start)
	head := len(mark.b)
	mark.add(" = ")
	t.emit(e)
	mark.add("\n")
	p.at = start
	bound, _ := t.targets(p, t.bind)
	mark.insert(head, bound)
	return true
}

func (t *translator) assign(py string, e *expr) {
	out := t.line(e.at)
	out.add(py + " = ")
	t.emit(e)
	out.add("\n")
}

// assignments are `a = x, b = y`, evaluated before the names are bound.
func (t *translator) assignments(p *parser) {
	for !p.done() {
		name := p.peek()
		p.at += len(name)
		if _, ok := p.sees("="); !ok {
			if name == "" {
				return
			}
			t.line(p.at)
			t.cur.out.add(t.lookup(name) + "\n")
		} else if e, err := p.expression(); err != nil {
			return
		} else {
			out := t.line(e.at)
			head := len(out.b)
			out.add(" = ")
			t.emit(e)
			out.add("\n")
			out.insert(head, t.bind(name))
		}
		p.sees(",")
	}
}

func (t *translator) withTag(p *parser) bool {
	t.enter()
	t.assignments(p)
	t.body("endwith")
	t.leave()
	return true
}
