package pylayout

// level is a pair of brackets that is open, or the statement around all of them.
type level struct {
	open          *leaf // nil for the statement
	comprehension bool
}

// roles finds where the statement may be split, by what stands around each leaf. A call behind a comment is a link of its
// chain for ruff alone.
func roles(leaves []*leaf, ruff bool) {
	stack := []level{{}}
	for i, l := range leaves {
		previous := previousOf(leaves, i, ruff)
		top := &stack[len(stack)-1]
		switch l.kind {
		case opening:
			stack = append(stack, level{open: l})
		case closing:
			stack = stack[:len(stack)-1]
		case text:
			if previous != nil && previous.kind == text {
				l.before = atString
			}
		case operator:
			operatorRole(l, previous)
			if l.text == "," {
				l.after = atComma
				l.argument = top.open != nil && top.open.bracket == '(' && !top.open.display
			}
		case name:
			wordRole(leaves, i, previous, top)
		}
	}
}

// previousOf is the leaf before the one at i, nil for none; ruff looks over comments.
func previousOf(leaves []*leaf, i int, ruff bool) *leaf {
	if i == 0 {
		return nil
	}
	k := i - 1
	for ruff && k > 0 && leaves[k].kind == comment {
		k--
	}
	return leaves[k]
}

// wordRole tells the words of operators, ternaries and comprehensions from other names. It notes at the top level what the words
// behind it are told by.
func wordRole(leaves []*leaf, i int, previous *leaf, top *level) {
	l := leaves[i]
	switch l.text {
	case "for":
		l.loop = true
		if i > 0 && !(i == 1 && previous.text == "async") {
			top.comprehension = true
			if previous.text == "async" {
				previous.before = atComprehension
			} else {
				l.before = atComprehension
			}
		}
	case "if":
		switch {
		case i == 0:
		case top.comprehension:
			l.before = atComprehension
		default:
			l.before = atTernary
		}
	case "else":
		if i > 0 {
			l.before = atTernary
		}
	case "and", "or":
		l.before = atLogic
	case "is":
		l.before = atComparison
	case "in":
		if !loopVariable(leaves, i) && (previous == nil || previous.text != "not") {
			l.before = atComparison
		}
	case "not":
		if i+1 < len(leaves) && leaves[i+1].text == "in" && endsOperandOrNumber(previous) {
			l.before = atComparison
		}
	}
}

func endsOperandOrNumber(l *leaf) bool {
	return l != nil && (l.kind == number || l.text == "..." || endsOperand(l))
}

// operatorRole tells unary operators and stars from binary ones, and the dots behind calls.
func operatorRole(l, previous *leaf) {
	switch {
	case l.text == ".":
		if previous != nil && previous.kind == closing {
			l.before = atDot
		}
	case comparisons[l.text]:
		l.before = atComparison
	case arithmetic[l.text] > 0 && l.text != "~" && endsOperandOrNumber(previous):
		l.before = arithmetic[l.text]
	}
}

// loopVariable reports whether the `in` at i ends the variables of a for.
func loopVariable(leaves []*leaf, i int) bool {
	depth := 0
	for k := i - 1; k >= 0; k-- {
		switch l := leaves[k]; {
		case l.kind == closing:
			depth++
		case l.kind == opening:
			if depth--; depth < 0 {
				return false
			}
		case depth == 0 && l.loop:
			return true
		case depth == 0 && l.text == "in":
			return false
		}
	}
	return false
}
