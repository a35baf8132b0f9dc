package pylayout

import (
	"maps"
	"slices"
	"unicode/utf8"
)

// halves are what right_hand_split makes of a line.
type halves struct {
	head, body, tail *line
	open, end        *leaf
}

// rhs is the line split around the brackets at open and end.
func rhs(n *line, s style, open, end int, comma bool) halves {
	h := halves{open: n.leaves[open], end: n.leaves[end]}
	h.head = newLine(n.indent)
	tracked := matched(n.leaves[:open+1])
	for _, l := range n.leaves[:open+1] {
		h.head.add(l, tracked[l])
	}
	h.body = newLine(n.indent + s.indent)
	h.body.inside = true
	inner := slices.Clone(n.leaves[open+1 : end])
	if comma {
		for i := len(inner) - 1; i >= 0; i-- {
			if inner[i].kind == comment {
				continue
			}
			if inner[i].text != "," {
				inner = slices.Insert(inner, i+1, &leaf{kind: operator, text: ",", after: atComma, argument: true, old: -1})
			}
			break
		}
	}
	for _, l := range inner {
		h.body.add(l, true)
	}
	h.tail = newLine(n.indent)
	for _, l := range n.leaves[end:] {
		h.tail.add(l, false)
	}
	h.body.splitNow = explodes(h.body, h.open)
	return h
}

// explodes is should_split_line: what displays and trailing commas hold is written one item a line.
func explodes(body *line, open *leaf) bool {
	if len(body.leaves) == 0 {
		return false
	}
	var but *leaf
	trailing := body.last().text == ","
	if trailing {
		but = body.last()
	}
	return body.priority(but) == atComma && (trailing || open.display)
}

// matched are the leaves in brackets that open and close among them.
func matched(leaves []*leaf) map[*leaf]bool {
	out := map[*leaf]bool{}
	at := map[*leaf]int{}
	for i, l := range leaves {
		switch l.kind {
		case opening:
			at[l] = i
		case closing:
			if from, ok := at[l.mate]; ok {
				for _, inner := range leaves[from : i+1] {
					out[inner] = true
				}
			} else if len(at) > 0 {
				return out
			}
		}
	}
	return out
}

// first is _first_right_hand_split: around the last brackets that hold something and are not omitted.
func first(n *line, s style, omit map[*leaf]bool) (halves, bool) {
	for end := len(n.leaves) - 1; end > 0; end-- {
		l := n.leaves[end]
		if l.kind != closing || omit[l] {
			continue
		}
		open := slices.Index(n.leaves, l.mate)
		if open < 0 {
			return halves{}, false
		}
		if open < end-1 {
			return rhs(n, s, open, end, false), true
		}
		end = open
	}
	return halves{}, false
}

// rightHandOmitting is right_hand_split_with_omits.
func rightHandOmitting(n *line, s style, forced bool) []*line {
	var best, plain []*line
	failed := false
	trailersToOmit(n, s, func(omit map[*leaf]bool) bool {
		lines := rightHand(n, s, forced, omit)
		if lines == nil {
			failed = true
			return false
		}
		if lines[0].fits(s, 0) {
			best = lines
			return false
		}
		if omit == nil {
			plain = lines
		}
		return true
	})
	if best != nil || failed {
		return best
	}
	if plain != nil {
		return plain
	}
	return rightHand(n, s, forced, nil)
}

// rightHand is right_hand_split; nil when it cannot.
func rightHand(n *line, s style, forced bool, omit map[*leaf]bool) []*line {
	h, ok := first(n, s, omit)
	if !ok {
		return nil
	}
	return withoutOptional(h, n, s, forced, omit)
}

// withoutOptional is _maybe_split_omitting_optional_parens.
func withoutOptional(h halves, n *line, s style, forced bool, omit map[*leaf]bool) []*line {
	if !forced && h.open.text == "" && canOmit(h, s) {
		more := map[*leaf]bool{h.end: true}
		maps.Copy(more, omit)
		without, ok := first(n, s, more)
		preferred := ok && prefersWithout(without, h, s)
		if preferred {
			if lines := withoutOptional(without, n, s, forced, more); lines != nil {
				return lines
			}
		}
		if (!ok || preferred) && equals(n) < 2 && !canSplit(h.body) && !h.body.fits(s, 0) {
			return nil
		}
	}
	show(h.open)
	show(h.end)
	return []*line{h.head, h.body, h.tail}
}

// equals counts the signs of assignments and keyword arguments.
func equals(n *line) int {
	count := 0
	for _, l := range n.leaves {
		if l.text == "=" {
			count++
		}
	}
	return count
}

// prefersWithout is _prefer_split_rhs_oop_over_rhs.
func prefersWithout(without, with halves, s style) bool {
	head := with.head.leaves
	switch {
	case len(head) < 2 || head[len(head)-2].text != "=",
		!slices.ContainsFunc(head[:len(head)-1], func(l *leaf) bool { return l.kind == opening || l.kind == closing }),
		!with.head.fits(s, 1),
		with.head.magic:
		return true
	}
	if equals(with.head) > 1 && equals(with.head) > equals(without.head) {
		return false
	}
	for i := len(without.head.leaves) - 1; i >= 0; i-- {
		l := without.head.leaves[i]
		if l.text == "=" {
			break
		}
		if l.kind == closing {
			return true
		}
	}
	return equals(without.head) > 0 && without.head.fits(s, 0)
}

// canSplit is can_be_split.
func canSplit(n *line) bool {
	leaves := n.leaves
	if len(leaves) < 2 {
		return false
	}
	if leaves[0].kind != text || leaves[1].text != "." {
		return true
	}
	calls, dots := 0, 0
	next := leaves[len(leaves)-1]
	for i := len(leaves) - 2; i >= 0; i-- {
		l := leaves[i]
		switch {
		case l.kind == opening:
			if next.kind != closing {
				return false
			}
			calls++
		case l.text == ".":
			dots++
		case l.kind == name:
			if next.text != "." && next.kind != opening {
				return false
			}
		case l.kind != closing:
			return false
		}
		if dots > 1 && calls > 1 {
			return false
		}
	}
	return true
}

// canOmit is can_omit_invisible_parens.
func canOmit(h halves, s style) bool {
	n := h.body
	if len(h.open.comments) > 0 || len(n.leaves) == 0 {
		return false
	}
	var end *leaf
	for i := len(n.leaves) - 1; i >= 0; i-- {
		l := n.leaves[i]
		switch {
		case end != nil && l == end.mate:
			end = nil
		case end == nil && l.kind == comment:
			return false
		case end == nil && l.kind == closing && l.text != "" && slices.Contains(n.leaves, l.mate):
			end = l
		}
	}
	priority := n.priority(nil)
	if priority == 0 {
		return true
	}
	if n.count(priority) > 1 || len(n.leaves) < 2 {
		return false
	}
	if priority == atDot {
		return true
	}
	start, second := n.leaves[0], n.leaves[1]
	if start.kind == opening && second.kind != closing && canOmitOpening(n, start, s) {
		return true
	}
	penultimate, last := n.leaves[len(n.leaves)-2], n.last()
	if last.kind == closing && (last.bracket != '[' || last.display) {
		return penultimate.kind != opening && canOmitClosing(n, last, s)
	}
	return false
}

func canOmitOpening(n *line, start *leaf, s style) bool {
	remainder := false
	length := utf8.RuneCountInString(n.indent)
	for _, l := range n.leaves {
		if l.kind == closing && l.mate == start {
			remainder = true
		}
		if remainder {
			if length += l.length(); length > s.width {
				return false
			}
			if l.kind == opening {
				remainder = false
			}
		}
	}
	return true
}

func canOmitClosing(n *line, last *leaf, s style) bool {
	length := utf8.RuneCountInString(n.indent)
	others := false
	for _, l := range n.leaves {
		length += l.length()
		if l == last.mate {
			if others || length <= s.width {
				return true
			}
		} else if l.kind == opening {
			others = true
		}
	}
	return false
}

// trailersToOmit yields the brackets that a right-hand split leaves out, more each time, until yield returns false.
func trailersToOmit(n *line, s style, yield func(map[*leaf]bool) bool) {
	omit := map[*leaf]bool{}
	if !n.magic && !yield(nil) {
		return
	}
	length := utf8.RuneCountInString(n.indent)
	var open, end *leaf
	var inner []*leaf
	for i := len(n.leaves) - 1; i >= 0; i-- {
		l := n.leaves[i]
		if length += l.length(); length > s.width || l.kind == comment || len(l.comments) > 0 {
			return
		}
		var previous *leaf
		if i > 0 {
			previous = n.leaves[i-1]
		}
		exploding := n.explodes(i)
		switch {
		case open != nil:
			if l == open {
				open = nil
			} else if l.kind == closing {
				if exploding {
					return
				}
				inner = append(inner, l)
			}
		case l.kind == closing:
			if previous != nil && previous.kind == opening {
				inner = append(inner, l)
				continue
			}
			if end != nil {
				omit[end] = true
				for _, l := range inner {
					omit[l] = true
				}
				inner = nil
				if !yield(omit) {
					return
				}
			}
			if exploding {
				return
			}
			if l.text != "" {
				open, end = l.mate, l
			}
		}
	}
}
