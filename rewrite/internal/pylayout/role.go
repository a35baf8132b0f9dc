package pylayout

// roles finds where the statement may be split, by what stands around each leaf. A call behind a comment is a link of its
// chain for ruff alone.
func roles(leaves []*leaf, ruff bool) {
	type level struct {
		open          *leaf
		comprehension bool
		ternaries     int
	}
	stack := []level{{}}
	for i, l := range leaves {
		var previous *leaf
		if i > 0 {
			previous = leaves[i-1]
		}
		for k := i - 2; ruff && k >= 0 && previous.kind == comment; k-- {
			previous = leaves[k]
		}
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
				top.ternaries = 0
			}
		case name:
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
					top.ternaries++
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
				if loopVariable(leaves, i) || previous != nil && previous.text == "not" {
					break
				}
				l.before = atComparison
			case "not":
				if i+1 < len(leaves) && leaves[i+1].text == "in" && endsOperandOrNumber(previous) {
					l.before = atComparison
				}
			}
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
