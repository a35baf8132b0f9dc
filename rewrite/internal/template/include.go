package template

// names are the template names that an expression of an include may be; nil when only running code knows.
func names(e *expr) []string {
	switch e.op {
	case "text":
		return []string{e.name}
	case "if":
		if e.args[2] == nil {
			return names(e.args[0])
		}
		a, b := names(e.args[0]), names(e.args[2])
		if a != nil && b != nil {
			return append(a, b...)
		}
	case "list", "tuple":
		var out []string
		for _, a := range e.args {
			n := names(a)
			if n == nil {
				return nil
			}
			out = append(out, n...)
		}
		return out
	}
	return nil
}

func (t *translator) includeTag(p *parser) bool {
	e, err := p.expression()
	if err != nil {
		return false
	}
	context := true
	if p.word("ignore") {
		p.word("missing")
	}
	if p.word("without") {
		context = false
	}
	t.include(e, Render, context)
	return true
}

// include runs a function of the templates that an expression names.
func (t *translator) include(e *expr, fn string, context bool) {
	list := names(e)
	if list == nil {
		out := t.line(e.at)
		out.add(IncludeNamed + "(")
		t.emit(e)
		if context {
			t.everything()
		}
		out.add(")\n")
		return
	}
	for _, name := range list {
		found := t.set.find(name, t.file.Path)
		if len(found) == 0 {
			out := t.line(e.at)
			out.add(IncludeNamed + "(" + quote(name))
			if context {
				t.everything()
			}
			out.add(")\n")
		}
		for _, path := range found {
			t.set.need(path, fn)
			out := t.line(e.at)
			out.add(Include + "(" + quote(path) + ", " + quote(fn))
			if context {
				t.takes(path, fn)
			}
			out.add(")\n")
		}
	}
}

// takes are the arguments for a function of a template.
func (t *translator) takes(path, fn string) {
	if t.set.last.open[path+"#"+fn] {
		t.everything()
	} else {
		t.given(t.set.last.freeOf(path, fn))
	}
}

// importTag is {% import "x.html" as m %}: at the top of the module, for macros to see too.
func (t *translator) importTag(p *parser) bool {
	e, err := p.expression()
	if err != nil {
		return false
	}
	if !p.word("as") {
		return false
	}
	name := p.peek()
	if name == "" {
		return false
	}
	t.importName(e, "", name)
	return true
}

func (t *translator) fromTag(p *parser) bool {
	e, err := p.expression()
	if err != nil {
		return false
	}
	if !p.word("import") {
		return false
	}
	for !p.done() {
		name := p.peek()
		if name == "" || name == "with" || name == "without" {
			break
		}
		p.at += len(name)
		as := name
		if p.word("as") {
			as = p.peek()
			p.at += len(as)
		}
		t.importName(e, "."+mangle(name), as)
		p.sees(",")
	}
	return true
}

func (t *translator) importName(e *expr, member, as string) {
	py := "imported__" + as
	list := names(e)
	if len(list) > 0 {
		if found := t.set.find(list[0], t.file.Path); len(found) > 0 {
			t.head.mark(e.at)
			t.head.add(py + " = " + Import + "(" + quote(found[0]) + ")" + member + "\n")
			t.imported(as, py)
			return
		}
	}
	out := t.line(e.at)
	out.add(py + " = " + ImportNamed + "(")
	t.emit(e)
	out.add(")" + member + "\n")
	t.imported(as, py)
}

// imported binds a name for the whole template.
func (t *translator) imported(as, py string) {
	t.cur.scopes[0].names[as] = py
	if t.set.aliases[t.file.Path] == nil {
		t.set.aliases[t.file.Path] = map[string]string{}
	}
	t.set.aliases[t.file.Path][as] = py
}
