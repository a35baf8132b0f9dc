package template

import (
	"errors"
	"strings"
)

// expr is an expression of Jinja. Which fields are used depends on op.
type expr struct {
	op   string // "name", "const", "text", "attr", "item", "call", "filter", "test", "and"/"or", "not", "if", "list", "tuple", "dict", "slice", "other"
	name string // name, attr, filter, test; const, text: as it is spelled
	args []*expr
	keys []string // call, filter, test: of the keyword arguments, "" for a positional one, "*" and "**" for splats; as long as args without the first
	at   int      // offset in the template: of the name for attr, filter and test
}

var errExpression = errors.New("not an expression")

// parser reads the expressions in one tag.
type parser struct {
	text string // the template
	at   int
	end  int
	deep int
}

// maxNesting bounds the recursion into one expression.
const maxNesting = 60

func (p *parser) space() {
	for p.at < p.end && strings.IndexByte(" \t\r\n", p.text[p.at]) >= 0 {
		p.at++
	}
}

// sees reports whether one of the signs comes next, and takes it.
func (p *parser) sees(signs ...string) (string, bool) {
	p.space()
	for _, s := range signs {
		if strings.HasPrefix(p.text[p.at:p.end], s) {
			p.at += len(s)
			return s, true
		}
	}
	return "", false
}

// peek is the name that comes next, "" when something else does.
func (p *parser) peek() string {
	p.space()
	w, _ := firstWord(p.text[p.at:p.end])
	return w
}

func (p *parser) word(w string) bool {
	if p.peek() != w {
		return false
	}
	p.at += len(w)
	return true
}

func (p *parser) done() bool {
	p.space()
	return p.at >= p.end
}

// tuple is one expression, or several with commas between.
func (p *parser) tuple() (*expr, error) {
	p.space()
	start := p.at
	first, err := p.expression()
	if err != nil {
		return nil, err
	}
	if _, more := p.sees(","); !more {
		return first, nil
	}
	list := []*expr{first}
	for !p.done() {
		if strings.IndexByte(")]}=", p.text[p.at]) >= 0 {
			break
		}
		e, err := p.expression()
		if err != nil {
			return nil, err
		}
		list = append(list, e)
		if _, more := p.sees(","); !more {
			break
		}
	}
	return &expr{op: "tuple", args: list, at: start}, nil
}

func (p *parser) expression() (*expr, error) {
	if p.deep++; p.deep > maxNesting {
		return nil, errExpression
	}
	defer func() { p.deep-- }()
	e, err := p.or()
	for err == nil {
		at := p.at
		if !p.word("if") {
			return e, nil
		}
		var condition, other *expr
		if condition, err = p.or(); err != nil {
			p.at = at // `for x in xs if x.y` ends before its if when that is no condition
			return nil, err
		}
		if p.word("else") {
			if other, err = p.expression(); err != nil {
				return nil, err
			}
		}
		e = &expr{op: "if", args: []*expr{e, condition, other}, at: e.at}
	}
	return e, err
}

func (p *parser) or() (*expr, error) { return p.chain(p.and, "or") }

func (p *parser) and() (*expr, error) { return p.chain(p.not, "and") }

func (p *parser) chain(next func() (*expr, error), op string) (*expr, error) {
	e, err := next()
	for err == nil {
		if !p.word(op) {
			return e, nil
		}
		var right *expr
		if right, err = next(); err == nil {
			e = &expr{op: op, args: []*expr{e, right}, at: e.at}
		}
	}
	return nil, err
}

func (p *parser) not() (*expr, error) {
	p.space()
	at := p.at
	if p.word("not") {
		if p.deep++; p.deep > maxNesting {
			return nil, errExpression
		}
		defer func() { p.deep-- }()
		e, err := p.not()
		return &expr{op: "not", args: []*expr{e}, at: at}, err
	}
	return p.comparison()
}

func (p *parser) comparison() (*expr, error) {
	e, err := p.arithmetic()
	for err == nil {
		if _, ok := p.sees("==", "!=", "<=", ">=", "<", ">"); !ok {
			at := p.at
			if p.word("not") {
				if !p.word("in") {
					p.at = at
					return e, nil
				}
			} else if !p.word("in") {
				return e, nil
			}
		}
		var right *expr
		if right, err = p.arithmetic(); err == nil {
			e = &expr{op: "other", args: []*expr{e, right}, at: e.at}
		}
	}
	return nil, err
}

// arithmetic takes all operators alike: what they give is no object.
func (p *parser) arithmetic() (*expr, error) {
	e, err := p.unary()
	for err == nil {
		sign, ok := p.sees("+", "-", "~", "**", "*", "//", "/", "%")
		if !ok {
			return e, nil
		}
		op := "other"
		if sign == "+" {
			op = "+" // lists are added too
		}
		var right *expr
		if right, err = p.unary(); err == nil {
			e = &expr{op: op, args: []*expr{e, right}, at: e.at}
		}
	}
	return nil, err
}

func (p *parser) unary() (*expr, error) {
	for {
		if _, ok := p.sees("-", "+"); !ok {
			break
		}
	}
	e, err := p.primary()
	if err != nil {
		return nil, err
	}
	return p.postfix(e)
}
