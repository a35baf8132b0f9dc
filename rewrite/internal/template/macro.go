package template

import (
	"strconv"
	"strings"
)

// blockTag runs a block in its place, unless a child overrides it.
func (t *translator) blockTag(p *parser) {
	name := p.peek()
	outer := t.sup
	t.sup = false
	t.enter()
	if t.without[name] {
		kept := t.cur
		t.cur = newFunction(kept.name)
		t.cur.indent = kept.indent
		t.body("endblock")
		t.cur = kept
	} else {
		t.body("endblock")
		if !t.sup {
			t.blocks[name] = true
		}
	}
	t.leave()
	t.sup = outer
}

func (t *translator) macroTag(p *parser) bool {
	name := p.peek()
	p.at += len(name)
	if _, ok := p.sees("("); !ok || name == "" {
		return false
	}
	kept := t.cur
	t.cur = newFunction(mangle(name))
	t.cur.macro = true
	params, ok := t.parameters(p)
	t.cur.params = params
	t.body("endmacro")
	t.funcs = append(t.funcs, t.cur)
	t.cur = kept
	if params != "" && ok {
		t.defined = append(t.defined, name)
	}
	return ok
}

// parameters are those of a macro or a call block, bound in the scope at hand; the bracket is open.
func (t *translator) parameters(p *parser) (string, bool) {
	var out []string
	for {
		if _, ok := p.sees(")"); ok {
			return strings.Join(out, ", "), true
		}
		name := p.peek()
		if name == "" {
			return strings.Join(out, ", "), false
		}
		p.at += len(name)
		t.cur.scopes[len(t.cur.scopes)-1].names[name] = mangle(name)
		out = append(out, mangle(name)+"=None")
		if _, ok := p.sees("="); ok {
			if _, err := p.expression(); err != nil {
				return strings.Join(out, ", "), false
			}
		}
		p.sees(",")
	}
}

// callTag is {% call(item) list(items) %}...{% endcall %}: what stands in it is a function that the macro calls.
func (t *translator) callTag(p *parser) bool {
	t.unique++
	caller := "caller__" + strconv.Itoa(t.unique)
	t.enter()
	params, ok := "", true
	if _, has := p.sees("("); has {
		params, ok = t.parameters(p)
	}
	call, err := p.expression()
	ok = ok && err == nil && call.op == "call"
	t.line(p.at)
	t.cur.out.add("def " + caller + "(" + params + "):\n")
	t.block("endcall")
	t.leave()
	if !ok {
		return false
	}
	call.args, call.keys = append(call.args, &expr{op: "const", name: caller, at: call.at}), append(call.keys, "caller")
	t.statement(call)
	return true
}
