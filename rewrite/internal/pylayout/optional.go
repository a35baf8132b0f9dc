package pylayout

import "slices"

// Black puts brackets that are not written around what a statement returns, assigns, tests or loops over, and around
// ternaries; a split may write them. Brackets that stand there already are optional too.

// pair is a new pair of optional brackets around leaves[from:to].
func pair(leaves []*leaf, from, to int) []*leaf {
	open := &leaf{kind: opening, bracket: '(', display: true, gap: leaves[from].gap, old: -1}
	end := &leaf{kind: closing, bracket: '(', display: true, old: -1, mate: open}
	open.mate = end
	leaves[from].gap = ""
	leaves = slices.Insert(leaves, to, end)
	return slices.Insert(leaves, from, open)
}

// optional makes the brackets around leaves[from:to] optional. Named says that an assignment expression keeps its own.
func optional(leaves []*leaf, from, to int, named bool) []*leaf {
	if from >= to {
		return leaves
	}
	if !bracketed(leaves[from:to]) {
		return pair(leaves, from, to)
	}
	if !removable(leaves[from+1:to-1], named) {
		return leaves
	}
	leaves[from].text, leaves[to-1].text = "", ""
	for bracketed(leaves[from+1:to-1]) && removable(leaves[from+2:to-2], named) {
		leaves = slices.Delete(leaves, to-2, to-1)
		leaves = slices.Delete(leaves, from+1, from+2)
		to -= 2
	}
	return leaves
}

// bracketed reports whether round brackets stand around all of it.
func bracketed(leaves []*leaf) bool {
	n := len(leaves)
	return n >= 2 && leaves[0].kind == opening && leaves[0].bracket == '(' && leaves[0].display && leaves[0].mate == leaves[n-1]
}

// removable reports whether what stands between brackets means the same without them.
func removable(inner []*leaf, named bool) bool {
	if len(inner) == 0 || inner[0].text == "yield" {
		return false
	}
	for l := range topLevel(inner) {
		if l.text == "," || l.loop || named && l.text == ":=" {
			return false
		}
	}
	return true
}

// topLevel yields what stands in no brackets, and those brackets.
func topLevel(leaves []*leaf) func(func(*leaf) bool) {
	return func(yield func(*leaf) bool) {
		depth := 0
		for _, l := range leaves {
			if l.kind == closing {
				depth--
			}
			if depth == 0 && !yield(l) {
				return
			}
			if l.kind == opening {
				depth++
			}
		}
	}
}

// places are the indexes of the leaves in no brackets that are one of texts, those of a lambda left out.
func places(leaves []*leaf, texts ...string) []int {
	var out []int
	depth, lambdas := 0, 0
	for i, l := range leaves {
		switch {
		case l.kind == opening:
			depth++
		case l.kind == closing:
			depth--
		case depth > 0:
		case l.text == "lambda":
			lambdas++
		case lambdas > 0:
			if l.text == ":" {
				lambdas--
			}
		case slices.Contains(texts, l.text):
			out = append(out, i)
		}
	}
	return out
}

var assignments = []string{"=", ":", "+=", "-=", "*=", "@=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", "**=", "//="}

// withOptional is the statement with its optional brackets; nil for one that is not laid out. Ruff has none around
// ternaries.
func withOptional(leaves []*leaf, ruff bool) []*leaf {
	first, n := leaves[0].text, len(leaves)
	start := 1
	if first == "async" && n > 1 {
		first, start = leaves[1].text, 2
	}
	ends := leaves[n-1].text == ":"
	switch first {
	case "import", "from", "except", "case", "type":
		return nil
	case "if", "elif", "while", "for", "with", "class", "def", "else", "try", "finally":
		if !ends {
			return nil
		}
	}
	switch first {
	case "return", "del":
		leaves = optional(leaves, start, n, true)
	case "if", "elif", "while":
		leaves = optional(leaves, start, n-1, false)
	case "for":
		in := places(leaves, "in")
		if len(in) == 0 {
			return nil
		}
		leaves = optional(leaves, in[0]+1, n-1, true)
		leaves = optional(leaves, start, in[0], true)
	case "assert":
		to := n
		if commas := places(leaves, ","); len(commas) > 0 {
			to = commas[0]
			leaves = optional(leaves, to+1, n, true)
		}
		leaves = optional(leaves, start, to, true)
	case "with":
		if len(places(leaves, ",")) > 0 || bracketed(leaves[start:start+1]) || leaves[start].display {
			return nil
		}
	case "def":
		leaves = annotated(leaves)
	case "class", "else", "try", "finally", "raise", "@", "lambda", "yield", "global", "nonlocal", "pass":
	default:
		if first == "match" && ends {
			break
		}
		if ends {
			return nil
		}
		leaves = assigned(leaves)
	}
	if !ruff {
		leaves = ternaries(leaves)
	}
	return awaited(leaves)
}

// assigned gives the sides of an assignment their brackets.
func assigned(leaves []*leaf) []*leaf {
	at := places(leaves, assignments...)
	for k := len(at) - 1; k >= 0; k-- {
		to := len(leaves)
		if k+1 < len(at) {
			to = at[k+1]
		}
		// What stands behind is bracketed already, so that the place of the next sign has moved by nothing: it is to its left
		// that leaves are inserted next.
		leaves = optional(leaves, at[k]+1, to, true)
	}
	if len(at) > 0 && len(places(leaves[:at[0]], ",")) > 0 {
		leaves = pair(leaves, 0, at[0])
	}
	return leaves
}

// annotated gives the types of parameters their brackets.
func annotated(leaves []*leaf) []*leaf {
	open := slices.IndexFunc(leaves, func(l *leaf) bool { return l.kind == opening && l.bracket == '(' })
	if open < 0 {
		return leaves
	}
	end := slices.Index(leaves, leaves[open].mate)
	signs := places(leaves[open+1:end], ":", "=", ",")
	for k := len(signs) - 1; k >= 0; k-- {
		from, to := open+1+signs[k], end
		if k+1 < len(signs) {
			to = open + 1 + signs[k+1]
		}
		if leaves[from].text == ":" {
			leaves = optional(leaves, from+1, to, true)
		}
	}
	return leaves
}

// ternaries puts brackets around each `a if b else c` that has none.
func ternaries(leaves []*leaf) []*leaf {
	for i := 0; i < len(leaves); i++ {
		if l := leaves[i]; l.text != "if" || l.before != atTernary {
			continue
		}
		from, to := ternaryStart(leaves, i), ternaryEnd(leaves, i)
		around := from > 0 && to < len(leaves) && leaves[from-1].kind == opening && leaves[from-1].bracket == '(' && leaves[from-1].mate == leaves[to]
		if !around {
			leaves = pair(leaves, from, to)
			i++
		}
	}
	return leaves
}

func ternaryStart(leaves []*leaf, at int) int {
	depth := 0
	for i := at - 1; i >= 0; i-- {
		l := leaves[i]
		switch {
		case l.kind == closing:
			depth++
		case l.kind == opening:
			if depth--; depth < 0 {
				return i + 1
			}
		case depth > 0:
		case slices.Contains([]string{",", ":=", "else", "return", "yield", "from", "raise", "assert", "del"}, l.text),
			slices.Contains(assignments, l.text), (l.text == "*" || l.text == "**") && l.before == 0:
			return i + 1
		}
	}
	return 0
}

func ternaryEnd(leaves []*leaf, at int) int {
	depth, lambdas := 0, 0
	for i := at + 1; i < len(leaves); i++ {
		l := leaves[i]
		switch {
		case l.kind == opening:
			depth++
		case l.kind == closing:
			if depth--; depth < 0 {
				return i
			}
		case depth > 0:
		case l.text == "lambda":
			lambdas++
		case l.text == ":" && lambdas > 0:
			lambdas--
		case lambdas > 0 && l.text == ",":
		case l.text == "," || l.text == "=" || l.text == ":" || l.before == atComprehension:
			return i
		}
	}
	return len(leaves)
}

// awaited makes brackets behind await optional that hold nothing but calls and names.
func awaited(leaves []*leaf) []*leaf {
	for i := 0; i+1 < len(leaves); i++ {
		open := leaves[i+1]
		if leaves[i].text != "await" || open.kind != opening || open.text != "(" {
			continue
		}
		to := slices.Index(leaves, open.mate) + 1
		plain := true
		for l := range topLevel(leaves[i+2 : to-1]) {
			plain = plain && (l.kind != operator || l.text == ".") && (l.kind != name || !keywords[l.text])
		}
		if plain {
			leaves = optional(leaves, i+1, to, true)
		}
	}
	return leaves
}
