package pyedit

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// entry is an import statement at the head of a file, or one to be placed there.
type entry struct {
	node    pysyntax.Node // Nil: to be placed
	text    string        // what to place
	key     sortKey
	kind    importKind
	section int // imports without a blank line or other code between them share a section
}

// placeLines makes edits that add import statements among those of head: in the section that imports from the same
// package, else at the end of its kind, else in a section of their own. The head may not be empty.
func placeLines(t *pysyntax.Tree, head []entry, fresh []newLine, indent string, s Style) []edits.Edit {
	all := placeAll(head, fresh, s)
	for i, e := range all {
		if e.node == pysyntax.Nil && lateBeside(t, all, i) {
			line, rest, _ := strings.Cut(e.text, s.Newline)
			all[i].text = line + "  # noqa: E402"
			if rest != "" {
				all[i].text += s.Newline + rest
			}
		}
	}
	return render(t, all, indent, s)
}

// lateBeside reports whether the import next to a new one, the one before it first, says that it stands behind code on
// purpose.
func lateBeside(t *pysyntax.Tree, all []entry, i int) bool {
	at := -1
	for k, e := range all {
		if e.node != pysyntax.Nil && (at < 0 || k < i) {
			at = k
		}
	}
	if at < 0 {
		return false
	}
	source, start := t.Source(), t.Start(all[at].node)
	_, comment, _ := strings.Cut(string(source[start:lineEnd(source, start)]), "#")
	return strings.Contains(comment, "noqa") && strings.Contains(comment, "E402")
}

func placeAll(head []entry, fresh []newLine, s Style) []entry {
	for i, line := range fresh {
		e := entry{node: pysyntax.Nil, text: line.text, key: keyOf(line.first)}
		e.kind = kindOf(e.key, s, func() bool { return false })
		head = place(head, e, -1-i)
	}
	return head
}

// headOf is the imports among the statements of scope that stand before the first function or class: behind that is no
// place to add to.
func headOf(t *pysyntax.Tree, scope pysyntax.Node, existing []importStatement, s Style) []entry {
	var out []entry
	section := 0
	previous := pysyntax.Nil
	for n := range t.Children(scope) {
		if t.Is(n, pysyntax.FunctionDefinition, pysyntax.ClassDefinition, pysyntax.DecoratedDefinition) {
			break
		}
		i := slices.IndexFunc(existing, func(im importStatement) bool { return im.node == n })
		if i < 0 || !beginsLine(t.Source(), t.Start(n)) {
			section++
			continue
		}
		if previous != pysyntax.Nil && blankBetween(t, previous, n) {
			section++
		}
		out = append(out, entry{node: n, key: existing[i].key(), section: section})
		previous = n
	}
	for i := range out {
		out[i].kind = kindOf(out[i].key, s, func() bool {
			return slices.ContainsFunc(out, func(e entry) bool {
				return e.section == out[i].section && knownThirdParty[e.key.root()]
			})
		})
	}
	if s.FirstParty == nil {
		splitFirstParty(out)
	}
	return out
}

// splitFirstParty takes the first of two neighbouring sections of unknown packages for third party.
func splitFirstParty(head []entry) {
	unknown := func(e entry) bool { return e.kind == firstParty }
	first := slices.IndexFunc(head, unknown)
	if first < 0 || slices.ContainsFunc(head, func(e entry) bool { return e.kind == thirdParty }) ||
		!slices.ContainsFunc(head, func(e entry) bool { return unknown(e) && e.section == head[first].section+1 }) {
		return
	}
	for i, section := first, head[first].section; i < len(head) && head[i].section == section; i++ {
		if unknown(head[i]) {
			head[i].kind = thirdParty
		}
	}
}

// blankBetween reports whether an empty line stands between two statements.
func blankBetween(t *pysyntax.Tree, a, b pysyntax.Node) bool {
	between := strings.Split(string(t.Source()[t.End(a):t.Start(b)]), "\n")
	if len(between) < 3 {
		return false
	}
	return slices.ContainsFunc(between[1:len(between)-1], func(line string) bool { return strings.TrimSpace(line) == "" })
}

// place inserts e into head; section is the number of a section of its own, should it need one.
func place(head []entry, e entry, section int) []entry {
	at := -1
	near := func(same func(entry) bool) {
		if at < 0 {
			at = slices.IndexFunc(head, same)
		}
	}
	near(func(o entry) bool { return o.key.root() == e.key.root() && o.key.from == e.key.from })
	near(func(o entry) bool { return o.key.root() == e.key.root() })
	if at >= 0 {
		e.kind = head[at].kind
	} else {
		for i := range head {
			if head[i].kind <= e.kind {
				at = i
			}
		}
	}
	switch {
	case at < 0: // everything there belongs behind e
		e.section = section
		at = 0
	case head[at].kind == e.kind:
		e.section = head[at].section
		at = placeInSection(head, e)
	case at+1 < len(head) && head[at+1].section == head[at].section: // a file without sections
		e.section = head[at].section
		at++
	default:
		e.section = section
		at++
	}
	return slices.Insert(head, at, e)
}

// placeInSection is the index in head for e among those of its section that are most like it: behind the last that
// sorts before it.
func placeInSection(head []entry, e entry) int {
	compare := compareKeys
	var same, alike []int
	from := false
	for i, o := range head {
		if o.section != e.section {
			continue
		}
		if from && !o.key.from {
			compare = compareModules
		}
		from = from || o.key.from
		if o.kind == e.kind {
			same = append(same, i)
		}
		if o.key.root() == e.key.root() && o.key.from == e.key.from {
			alike = append(alike, i)
		}
	}
	sorted := slices.IsSortedFunc(same, func(a, b int) int { return compare(head[a].key, head[b].key) })
	if len(alike) > 0 && !sorted {
		same, sorted = alike, true
	}
	if !sorted {
		return same[len(same)-1] + 1
	}
	at := same[0]
	for _, i := range same {
		if compare(head[i].key, e.key) <= 0 {
			at = i + 1
		}
	}
	return at
}

// render makes one edit for each run of new entries between old ones.
func render(t *pysyntax.Tree, head []entry, indent string, s Style) []edits.Edit {
	var out []edits.Edit
	for i := 0; i < len(head); {
		if head[i].node != pysyntax.Nil {
			i++
			continue
		}
		j := i
		for j < len(head) && head[j].node == pysyntax.Nil {
			j++
		}
		// Those that share a section with the entry behind them only go before that, the others behind the one before.
		k := j
		for j < len(head) && k > i && head[k-1].section == head[j].section && (i == 0 || head[i-1].section != head[j].section) {
			k--
		}
		if i == 0 {
			k = 0
		}
		if k > i {
			var b strings.Builder
			for ; i < k; i++ {
				if head[i].section != head[i-1].section {
					b.WriteString(s.Newline)
				}
				b.WriteString(s.Newline + indent + head[i].text)
			}
			at := statementLineEnd(t, head[lastOld(head, k)].node)
			out = append(out, edits.Edit{Start: at, End: at, New: b.String()})
		}
		if j > k {
			at := lineStart(t.Source(), t.Start(head[j].node))
			out = append(out, edits.Edit{Start: at, End: at, New: block(head[k:j+1], indent, s)})
		}
		i = j
	}
	return out
}

// lastOld is the index of the last entry before k that stands in the file.
func lastOld(head []entry, k int) int {
	for k--; head[k].node == pysyntax.Nil; k-- {
	}
	return k
}

// block is the lines of all entries but the last, which stands in the file already or is a mere end.
func block(head []entry, indent string, s Style) string {
	var b strings.Builder
	for i, e := range head[:len(head)-1] {
		b.WriteString(indent + e.text + s.Newline)
		if head[i+1].section != e.section {
			b.WriteString(s.Newline)
		}
	}
	return b.String()
}
