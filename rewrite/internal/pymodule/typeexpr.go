package pymodule

import "strings"

// TypeKind is the form of a type expression.
type TypeKind uint8

// The forms.
const (
	TypeName      TypeKind = iota // Order, m.Order
	TypeSubscript                 // list[Order]: Name and Args
	TypeUnion                     // A | B: Args
	TypeNone
	TypeList    // [A, B] inside Callable
	TypeLiteral // a number, "...", or anything that names no type
)

// Type is a parsed annotation. Quotes are gone: "Order" and Order are the same.
type Type struct {
	Kind TypeKind
	Name string
	Args []*Type
	Text string // TypeLiteral: the source (Annotated[X, Depends(f)] keeps its second argument so)
}

// ParseType reads an annotation from its source. It never fails on Python that is valid: what is no type becomes a
// TypeLiteral. One small parser for both spellings, quoted and not, is why this does not use the tree.
func ParseType(source string) *Type {
	p := typeParser{s: source}
	t := p.union()
	return t
}

type typeParser struct {
	s     string
	i     int
	depth int
}

func (p *typeParser) space() {
	for p.i < len(p.s) {
		switch p.s[p.i] {
		case ' ', '\t', '\n', '\r', '\\':
			p.i++
		case '#':
			for p.i < len(p.s) && p.s[p.i] != '\n' {
				p.i++
			}
		default:
			return
		}
	}
}

func (p *typeParser) union() *Type {
	if p.depth++; p.depth > 100 {
		return &Type{Kind: TypeLiteral}
	}
	defer func() { p.depth-- }()
	first := p.atom()
	p.space()
	if p.i >= len(p.s) || p.s[p.i] != '|' {
		return first
	}
	u := &Type{Kind: TypeUnion, Args: []*Type{first}}
	for p.i < len(p.s) && p.s[p.i] == '|' {
		p.i++
		u.Args = append(u.Args, p.atom())
		p.space()
	}
	return u
}

func (p *typeParser) atom() *Type {
	p.space()
	if p.i >= len(p.s) {
		return &Type{Kind: TypeLiteral}
	}
	c := p.s[p.i]
	switch {
	case c == '"' || c == '\'':
		return p.quoted()
	case c == '[':
		p.i++
		return &Type{Kind: TypeList, Args: p.list(']')}
	case c == '(':
		p.i++
		args := p.list(')')
		if len(args) == 1 {
			return args[0]
		}
		return &Type{Kind: TypeList, Args: args}
	case isNameByte(c) && (c < '0' || c > '9'):
		return p.name()
	}
	return p.literal()
}

func isNameByte(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
}

func (p *typeParser) name() *Type {
	start := p.i
	for p.i < len(p.s) && (isNameByte(p.s[p.i]) || p.s[p.i] == '.') {
		p.i++
	}
	name := p.s[start:p.i]
	p.space()
	if p.i < len(p.s) {
		switch p.s[p.i] {
		case '[':
			p.i++
			return &Type{Kind: TypeSubscript, Name: name, Args: p.list(']')}
		case '(', '=', ':': // a call or keyword: Depends(f), or `T = Default`, `T: Bound`
			p.i = start
			return p.literal()
		case '"', '\'': // a prefixed string
			return p.quoted()
		}
	}
	if name == "None" {
		return &Type{Kind: TypeNone}
	}
	return &Type{Kind: TypeName, Name: name}
}

func (p *typeParser) quoted() *Type {
	quote := p.s[p.i : p.i+1]
	if strings.HasPrefix(p.s[p.i:], strings.Repeat(quote, 3)) {
		quote = strings.Repeat(quote, 3)
	}
	p.i += len(quote)
	end := strings.Index(p.s[p.i:], quote)
	if end < 0 {
		p.i = len(p.s)
		return &Type{Kind: TypeLiteral}
	}
	inner := typeParser{s: p.s[p.i : p.i+end], depth: p.depth + 1}
	p.i += end + len(quote)
	return inner.union()
}

func (p *typeParser) list(end byte) []*Type {
	var out []*Type
	for {
		p.space()
		if p.i >= len(p.s) {
			return out
		}
		switch p.s[p.i] {
		case end:
			p.i++
			return out
		case ',':
			p.i++
		default:
			before := p.i
			out = append(out, p.union())
			if p.i == before {
				p.i++
			}
		}
	}
}

// literal takes everything up to a comma or a closing bracket of the surrounding level.
func (p *typeParser) literal() *Type {
	start, open := p.i, 0
	for p.i < len(p.s) {
		switch c := p.s[p.i]; c {
		case '(', '[', '{':
			open++
		case ')', ']', '}':
			if open == 0 {
				return &Type{Kind: TypeLiteral, Text: p.s[start:p.i]}
			}
			open--
		case ',':
			if open == 0 {
				return &Type{Kind: TypeLiteral, Text: p.s[start:p.i]}
			}
		case '"', '\'':
			if i := strings.IndexByte(p.s[p.i+1:], c); i >= 0 {
				p.i += i + 1
			}
		}
		p.i++
	}
	return &Type{Kind: TypeLiteral, Text: p.s[start:p.i]}
}

// Last is the last part of a dotted name.
func Last(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }
