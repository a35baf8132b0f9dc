package template

import "strings"

// primary is a name, a constant, or something in brackets.
func (p *parser) primary() (*expr, error) {
	p.space()
	if p.at >= p.end {
		return nil, errExpression
	}
	at, c := p.at, p.text[p.at]
	switch {
	case c == '"' || c == '\'':
		return p.quoted()
	case c == '(':
		p.at++
		if _, ok := p.sees(")"); ok {
			return &expr{op: "tuple", at: at}, nil
		}
		e, err := p.tuple()
		if err != nil {
			return nil, err
		}
		if _, ok := p.sees(")"); !ok {
			return nil, errExpression
		}
		return e, nil
	case c == '[':
		p.at++
		e := &expr{op: "list", at: at}
		return e, p.items(e, "]")
	case c == '{':
		p.at++
		e := &expr{op: "dict", at: at}
		return e, p.pairs(e)
	case c >= '0' && c <= '9':
		for p.at < p.end && (isName(p.text[p.at]) || p.text[p.at] == '.' && p.at+1 < p.end && p.text[p.at+1] >= '0' && p.text[p.at+1] <= '9') {
			p.at++
		}
		number := p.text[at:p.at]
		if strings.Trim(number, "0123456789") != "" || len(number) > 1 && number[0] == '0' || len(number) > 9 {
			number = "0" // only an index says anything
		}
		return &expr{op: "const", name: number, at: at}, nil
	case isName(c):
		name := p.peek()
		p.at += len(name)
		switch strings.ToLower(name) {
		case "true", "false", "none":
			return &expr{op: "const", name: "None", at: at}, nil
		case "and", "or", "not", "in", "is", "if", "else":
			return nil, errExpression
		}
		return &expr{op: "name", name: name, at: at}, nil
	}
	return nil, errExpression
}

// quoted is a string; several in a row are one.
func (p *parser) quoted() (*expr, error) {
	at, quote := p.at, p.text[p.at]
	var b strings.Builder
	i := p.at + 1
	for i < p.end && p.text[i] != quote {
		if p.text[i] == '\\' && i+1 < p.end {
			i++
		}
		b.WriteByte(p.text[i])
		i++
	}
	if i >= p.end {
		return nil, errExpression
	}
	p.at = i + 1
	e := &expr{op: "text", name: b.String(), at: at}
	p.space()
	if p.at < p.end && (p.text[p.at] == '"' || p.text[p.at] == '\'') {
		more, err := p.quoted()
		if err != nil {
			return nil, err
		}
		e.name += more.name
	}
	return e, nil
}

func (p *parser) items(e *expr, end string) error {
	for {
		if _, ok := p.sees(end); ok {
			return nil
		}
		item, err := p.expression()
		if err != nil {
			return err
		}
		e.args = append(e.args, item)
		if _, ok := p.sees(","); !ok {
			if _, ok := p.sees(end); ok {
				return nil
			}
			return errExpression
		}
	}
}

// pairs puts keys and values of a dictionary into its args by turns.
func (p *parser) pairs(e *expr) error {
	for {
		if _, ok := p.sees("}"); ok {
			return nil
		}
		key, err := p.expression()
		if err != nil {
			return err
		}
		if _, ok := p.sees(":"); !ok {
			return errExpression
		}
		value, err := p.expression()
		if err != nil {
			return err
		}
		e.args = append(e.args, key, value)
		if _, ok := p.sees(","); !ok {
			if _, ok := p.sees("}"); ok {
				return nil
			}
			return errExpression
		}
	}
}

// postfix is what may stand behind: attributes, items, calls, filters and tests.
func (p *parser) postfix(e *expr) (*expr, error) {
	for {
		p.space()
		switch {
		case p.at < p.end && p.text[p.at] == '.':
			p.at++
			p.space()
			name, at := p.peek(), p.at
			if name == "" {
				return nil, errExpression
			}
			p.at += len(name)
			e = &expr{op: "attr", name: name, args: []*expr{e}, at: at}
		case p.at < p.end && p.text[p.at] == '[':
			next, err := p.subscript(e)
			if err != nil {
				return nil, err
			}
			e = next
		case p.at < p.end && p.text[p.at] == '(':
			p.at++
			call := &expr{op: "call", args: []*expr{e}, at: e.at}
			if err := p.arguments(call); err != nil {
				return nil, err
			}
			e = call
		case p.at < p.end && p.text[p.at] == '|':
			p.at++
			next, err := p.named(e, "filter")
			if err != nil {
				return nil, err
			}
			e = next
		case p.peek() == "is":
			p.at += 2
			p.word("not")
			next, err := p.named(e, "test")
			if err != nil {
				return nil, err
			}
			e = next
		default:
			return e, nil
		}
	}
}

// named is a filter or a test with its arguments. A test may take one argument without brackets.
func (p *parser) named(e *expr, op string) (*expr, error) {
	p.space()
	at := p.at
	name := p.peek()
	if name == "" {
		return nil, errExpression
	}
	p.at += len(name)
	for p.at < p.end && p.text[p.at] == '.' {
		p.at++
		more := p.peek()
		p.at += len(more)
		name += "." + more
	}
	out := &expr{op: op, name: name, args: []*expr{e}, at: at}
	p.space()
	if p.at < p.end && p.text[p.at] == '(' {
		p.at++
		return out, p.arguments(out)
	}
	if op == "test" && p.at < p.end && (isName(p.text[p.at]) || strings.IndexByte(`"'[{`, p.text[p.at]) >= 0) {
		switch p.peek() {
		case "and", "or", "else", "if", "in", "is", "not", "recursive":
			return out, nil
		}
		argument, err := p.primary()
		if err != nil {
			return nil, err
		}
		out.args, out.keys = append(out.args, argument), append(out.keys, "")
	}
	return out, nil
}

func (p *parser) arguments(call *expr) error {
	for {
		if _, ok := p.sees(")"); ok {
			return nil
		}
		key := ""
		if stars, ok := p.sees("**", "*"); ok {
			key = stars
		} else if name := p.peek(); name != "" {
			rest := strings.TrimLeft(p.text[p.at+len(name):p.end], " \t\r\n")
			if strings.HasPrefix(rest, "=") && !strings.HasPrefix(rest, "==") {
				key = name
				p.at += len(name)
				p.sees("=")
			}
		}
		argument, err := p.expression()
		if err != nil {
			return err
		}
		call.args, call.keys = append(call.args, argument), append(call.keys, key)
		if _, ok := p.sees(","); !ok {
			if _, ok := p.sees(")"); ok {
				return nil
			}
			return errExpression
		}
	}
}

// subscript is e[index] or e[from:to:step].
func (p *parser) subscript(e *expr) (*expr, error) {
	p.at++
	out := &expr{op: "item", args: []*expr{e}, at: e.at}
	for {
		if _, ok := p.sees("]"); ok {
			return out, nil
		}
		if _, ok := p.sees(":"); ok {
			out.op = "slice"
			continue
		}
		index, err := p.tuple()
		if err != nil {
			return nil, err
		}
		out.args = append(out.args, index)
	}
}
