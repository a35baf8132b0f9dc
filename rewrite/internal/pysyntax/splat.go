package pysyntax

// outerSplats puts the star of `[*order.items]`, and of sets and tuples, around all that it spreads. The grammar takes it for
// the first operand's: a call, attribute, subscript or operation whose first part has a star, so that nothing says that the
// elements are spread. The nodes from the outermost such operation down to the star stand next to each other in pre-order:
// each moves one down, and the star's node comes first.
func outerSplats(nodes []record) {
	for star := range nodes {
		if nodes[star].kind != ListSplat {
			continue
		}
		top := star
		for p := top - 1; p >= 0 && int(nodes[top].parent) == p && nodes[p].start == nodes[star].start && takesFirst(nodes[p].kind); p-- {
			top = p
		}
		if top == star || star+1 == len(nodes) || int(nodes[star+1].parent) != star {
			continue
		}
		for m := star + 1; m < int(nodes[top].subtreeEnd); m++ { // the operands but the first
			if p := int(nodes[m].parent); p >= top && p < star {
				nodes[m].parent++
			}
		}
		moved, first := nodes[star], nodes[star+1].start
		nodes[star+1].field = moved.field
		for i := star; i > top; i-- {
			up := nodes[i-1]
			nodes[i] = record{start: first, end: up.end, parent: int32(i - 1), subtreeEnd: up.subtreeEnd, kind: up.kind, field: up.field, flags: up.flags}
		}
		outer := nodes[top]
		nodes[top] = record{start: moved.start, end: outer.end, parent: outer.parent, subtreeEnd: outer.subtreeEnd, kind: ListSplat, field: outer.field, flags: outer.flags}
		nodes[top+1].field = NoField
	}
}

func takesFirst(k Kind) bool {
	return k == Call || k == Attribute || k == Subscript || k == BinaryOperator
}
