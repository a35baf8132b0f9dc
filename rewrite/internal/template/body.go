package template

import (
	"slices"
	"strings"
)

// maxIndent bounds the nesting of statements.
const maxIndent = 80

// body runs pieces up to a tag with one of the given words, and says which.
func (t *translator) body(ends ...string) (string, *parser) {
	t.line(t.offset())
	t.cur.out.add("pass\n")
	for t.next < len(t.pieces) {
		p := t.pieces[t.next]
		t.next++
		inner := &parser{text: t.text, at: p.start, end: p.end}
		if p.kind == output {
			if e, err := inner.tuple(); err == nil && inner.done() {
				t.statement(e)
			} else {
				t.unread(p)
			}
			continue
		}
		word := inner.peek()
		inner.at += len(word)
		if slices.Contains(ends, word) {
			return word, inner
		}
		if t.cur.indent > maxIndent {
			t.unread(p)
			continue
		}
		if !t.tag(word, inner) {
			t.unread(p)
		}
	}
	return "", nil
}

func (t *translator) offset() int {
	if t.next > 0 && t.next <= len(t.pieces) {
		return t.pieces[t.next-1].start
	}
	return 0
}

// unread says that there is something that we cannot read.
func (t *translator) unread(p piece) {
	t.line(p.start)
	t.cur.out.add(Unread + "(" + quote(strings.Join(strings.Fields(t.text[p.start:p.end]), " ")) + ")\n")
}

// block is a body that is indented.
func (t *translator) block(ends ...string) (string, *parser) {
	t.cur.indent++
	word, p := t.body(ends...)
	t.cur.indent--
	return word, p
}

// tag is one statement; false when it cannot be read.
func (t *translator) tag(word string, p *parser) bool {
	switch word {
	case "if":
		return t.ifTag(p)
	case "for":
		return t.forTag(p)
	case "set":
		return t.setTag(p)
	case "with":
		return t.withTag(p)
	case "block":
		t.blockTag(p)
	case "macro":
		return t.macroTag(p)
	case "call":
		return t.callTag(p)
	case "include":
		return t.includeTag(p)
	case "import":
		return t.importTag(p)
	case "from":
		return t.fromTag(p)
	case "extends":
		e, err := p.expression()
		if err != nil {
			return false
		}
		t.extends = append(t.extends, e)
	case "do", "print":
		e, err := p.tuple()
		if err != nil {
			return false
		}
		t.statement(e)
	case "filter":
		e, err := p.named(&expr{op: "const", name: "None", at: p.at}, "filter")
		if err != nil {
			return false
		}
		t.statement(e)
		t.block1("endfilter")
	case "trans", "blocktrans":
		t.assignments(p)
		t.body("pluralize", "end"+word)
	case "pluralize", "autoescape", "endautoescape", "endtrans", "endblocktrans", "spaceless", "endspaceless", "debug",
		"break", "continue", "endraw", "else", "elif":
	default:
		if strings.HasPrefix(word, "end") {
			return true // of a tag that we do not know
		}
		for !p.done() { // an extension's tag: what it names is read
			e, err := p.expression()
			if err != nil {
				return false
			}
			t.statement(e)
			p.sees(",", "=", ":")
		}
	}
	return true
}

// block1 is a body in a scope of its own, not indented.
func (t *translator) block1(end string) {
	t.enter()
	t.body(end)
	t.leave()
}
