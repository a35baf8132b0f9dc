package pylayout

// leaf is a token with what the splits know of it.
type leaf struct {
	kind     kind
	text     string // empty for an optional bracket that is not written
	bracket  byte   // of an opening or closing bracket, also of one that is not written: '(', '[' or '{'
	gap      string // before it, on one line: nothing or a blank
	comments []string
	mate     *leaf // of a bracket
	display  bool  // a bracket that does not call or subscript
	before   int   // the priority of a split before it
	after    int   // of one behind it
	argument bool  // a comma between arguments or parameters
	loop     bool  // the for of a comprehension or statement
	old      int   // where it stands in the old text, -1 for nowhere
	oldNotes []int // and its comments
	depth    int   // of brackets on the line that it was last seen on
	oneLine  bool  // a type: ignore behind it forbids to split
}

// The priorities of splits, as black has them.
const (
	atComprehension = 20
	atComma         = 18
	atTernary       = 16
	atLogic         = 14
	atString        = 12
	atComparison    = 10
	atDot           = 1
)

var arithmetic = map[string]int{"|": 9, "^": 8, "&": 7, "<<": 6, ">>": 6, "+": 5, "-": 5, "*": 4, "/": 4, "//": 4, "%": 4, "@": 4, "~": 3, "**": 2}

var comparisons = map[string]bool{"<": true, ">": true, "==": true, "!=": true, "<=": true, ">=": true}

var keywords = map[string]bool{
	"and": true, "as": true, "assert": true, "async": true, "await": true, "case": true, "del": true, "elif": true, "else": true,
	"except": true, "for": true, "from": true, "if": true, "import": true, "in": true, "is": true, "lambda": true, "not": true,
	"or": true, "raise": true, "return": true, "while": true, "with": true, "yield": true,
}

// leaves are the tokens of a statement with their roles; nil when it is not laid out. Old is where a token stands
// in the old text, -1 for one that edits made.
func (s statement) leaves(source []byte, old func(start, end int) int) []*leaf {
	if s.odd {
		return nil
	}
	var out, open []*leaf
	for i, t := range s.tokens {
		if t.kind == comment && !t.ownLine {
			last := out[len(out)-1]
			if last.kind == comment {
				return nil
			}
			last.comments = append(last.comments, string(source[t.start:t.end]))
			last.oldNotes = append(last.oldNotes, old(t.start, t.end))
			continue
		}
		l := &leaf{kind: t.kind, text: string(source[t.start:t.end]), old: old(t.start, t.end), gap: s.gap(source, i)}
		switch t.kind {
		case opening:
			l.bracket = l.text[0]
			l.display = len(out) == 0 || !endsOperand(out[len(out)-1])
			open = append(open, l)
		case closing:
			if len(open) == 0 {
				return nil
			}
			l.mate = open[len(open)-1]
			l.mate.mate, l.bracket, l.display = l, l.mate.bracket, l.mate.display
			open = open[:len(open)-1]
		}
		out = append(out, l)
	}
	if len(open) > 0 {
		return nil
	}
	return out
}

// gap is the white space before token i where both stand on one line.
func (s statement) gap(source []byte, i int) string {
	if i == 0 {
		return ""
	}
	t := s.tokens[i]
	between := source[s.tokens[i-1].end:t.start]
	broken := false
	for _, c := range between {
		broken = broken || c == '\n'
	}
	switch {
	case !broken && len(between) > 0:
		return " "
	case !broken:
		return ""
	}
	before := s.tokens[i-1]
	if before.kind == comment && i > 1 {
		before = s.tokens[i-2]
	}
	switch c := source[t.start]; {
	case before.kind == opening || t.kind == closing || c == ',' || t.kind == comment,
		c == '.' && t.kind == operator && t.end == t.start+1 && (before.kind == closing || before.kind == name || before.kind == text):
		return ""
	}
	return " "
}

// endsOperand reports whether an opening bracket behind l calls or subscripts it.
func endsOperand(l *leaf) bool {
	return l.kind == closing || l.kind == text || l.kind == name && !keywords[l.text]
}
