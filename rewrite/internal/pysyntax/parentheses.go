package pysyntax

import "bytes"

// withoutParentheses leaves out the nodes of parentheses that mean nothing, where what stands within is asked by its kind: around
// the only target of an assignment or a loop, which the grammar takes for a tuple, and around what a with statement names.
//
//	for (order) in orders:               # black writes these where the line is long
//	async with (session() as session):
//
// Each stands right before what is within it, in pre-order, and gives it its place.
func withoutParentheses(nodes []record, source []byte) []record {
	drop := make([]bool, len(nodes))
	found := false
	for i := range nodes {
		drop[i] = meansNothing(nodes, i, source)
		found = found || drop[i]
	}
	if !found {
		return nodes
	}
	out := make([]record, 0, len(nodes))
	at := make([]int32, len(nodes)+1) // of each node in out
	for i := range nodes {
		if at[i] = int32(len(out)); drop[i] {
			continue
		}
		n := nodes[i]
		for n.parent >= 0 && int(n.parent) < i && drop[n.parent] {
			n.field, n.parent = nodes[n.parent].field, nodes[n.parent].parent
		}
		out = append(out, n)
	}
	at[len(nodes)] = int32(len(out))
	for i := range out {
		if out[i].parent >= 0 {
			out[i].parent = at[out[i].parent]
		}
		out[i].subtreeEnd = at[out[i].subtreeEnd]
	}
	return out
}

func meansNothing(nodes []record, i int, source []byte) bool {
	n := &nodes[i]
	if n.flags != 0 || i+1 >= int(n.subtreeEnd) || nodes[i+1].subtreeEnd != n.subtreeEnd {
		return false
	}
	within := &nodes[i+1]
	switch n.kind {
	case TuplePattern:
		return bytes.IndexByte(source[within.end:n.end], ',') < 0 // (a,) is a tuple of one
	case ParenthesizedExpression:
		return within.kind == AsPattern
	}
	return false
}
