package pylayout

import "slices"

// split is transform_line: the lines that a line becomes. Forced says that optional brackets are written.
func split(n *line, s style, forced bool) []*line {
	if n.isNote() {
		return []*line{n}
	}
	if !n.splitNow && !n.magic && (n.fits(s, 0) || n.oneLine()) {
		return []*line{n}
	}
	if isDefinition(n) {
		if parts := leftHand(n, s); parts != nil {
			return each(parts, n, s, forced)
		}
		return []*line{n}
	}
	if n.inside {
		if parts := atDelimiters(n); parts != nil {
			if out := each(parts, n, s, forced); out != nil {
				return out
			}
		}
		if parts := atNotes(n); parts != nil {
			if out := each(parts, n, s, forced); out != nil {
				return out
			}
		}
	}
	if out := rightHandOpinions(n, s, forced); out != nil {
		return out
	}
	return []*line{n}
}

// each splits the parts further; nil when one of them is the whole line.
func each(parts []*line, whole *line, s style, forced bool) []*line {
	var out []*line
	body := whole.body()
	for _, p := range parts {
		if p.body() == body {
			return nil
		}
		out = append(out, split(p, s, forced)...)
	}
	return out
}

// rightHandOpinions is right_hand_split, and what it would be with the optional brackets written.
func rightHandOpinions(n *line, s style, forced bool) []*line {
	parts := rightHandOmitting(n, s, forced)
	if parts == nil {
		return nil
	}
	written := slices.ContainsFunc(n.optionals, func(l *leaf) bool { return l.depth == 0 && l.text != "" })
	out := each(parts, n, s, forced)
	if out == nil || forced || len(n.optionals) == 0 || written || out[0].fits(s, 0) {
		return out
	}
	again := n.copy()
	if parts := rightHandOmitting(again, s, true); parts != nil {
		if second := each(parts, again, s, true); second != nil && !slices.ContainsFunc(second, func(l *line) bool { return !l.fits(s, 0) }) {
			return second
		}
	}
	return out
}

func show(l *leaf) {
	if l.bracket == '(' && l.text == "" {
		l.text = "("
		if l.kind == closing {
			l.text = ")"
		}
	}
}

func isDefinition(n *line) bool {
	first := n.leaves[0].text
	return first == "def" || first == "async" && len(n.leaves) > 1 && n.leaves[1].text == "def"
}

// leftHand splits a function definition at the first round brackets that hold something, else at the first square ones.
func leftHand(n *line, s style) []*line {
	for _, bracket := range []byte{'(', '['} {
		for open, l := range n.leaves {
			if l.kind != opening || l.bracket != bracket || l.depth > 0 {
				continue
			}
			end := slices.Index(n.leaves, l.mate)
			if end <= open+1 {
				continue
			}
			comma := bracket == '(' && !slices.ContainsFunc(n.leaves[open+1:end], func(l *leaf) bool { return l.text == "," && l.argument })
			h := rhs(n, s, open, end, comma)
			return []*line{h.head, h.body, h.tail}
		}
	}
	return nil
}

// atDelimiters is delimiter_split: a line for each item. nil when there is nothing to split at.
func atDelimiters(n *line) []*line {
	last := n.last()
	priority := n.priority(last)
	if priority == 0 || priority == atDot && n.count(atDot) == 1 {
		return nil
	}
	var out []*line
	fresh := func() *line {
		l := newLine(n.indent)
		l.inside = n.inside
		return l
	}
	current := fresh()
	for _, l := range n.leaves {
		alone := current.isNote() || l.kind == comment && len(current.leaves) > 0
		if alone && len(current.open) == 0 {
			out = append(out, current)
			current = fresh()
		}
		current.add(l, true)
		if n.delimiters[l] == priority {
			out = append(out, current)
			current = fresh()
		}
	}
	if len(current.leaves) > 0 {
		out = append(out, current)
	}
	if priority == atComma {
		trailing(out)
	}
	return out
}

// trailing gives the last item of a list its comma.
func trailing(lines []*line) {
	for i := len(lines) - 1; i >= 0; i-- {
		if lines[i].isNote() {
			continue
		}
		if l := lines[i].last(); l.text != "," {
			lines[i].add(&leaf{kind: operator, text: ",", after: atComma, old: -1}, true)
		}
		return
	}
}

// atNotes puts comments of their own line on lines of their own.
func atNotes(n *line) []*line {
	if !n.hasNote() {
		return nil
	}
	var out []*line
	current := newLine(n.indent)
	current.inside = n.inside
	for _, l := range n.leaves {
		if (current.isNote() || l.kind == comment && len(current.leaves) > 0) && len(current.open) == 0 {
			out = append(out, current)
			current = newLine(n.indent)
			current.inside = n.inside
		}
		current.add(l, true)
	}
	return append(out, current)
}
