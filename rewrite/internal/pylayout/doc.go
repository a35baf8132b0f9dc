// Package pylayout breaks lines as black and ruff format do, in the statements that edits change and nowhere else.
//
// In: the text of a file, and edits of it. Out: edits that leave the same tokens, but for the trailing commas that the
// splits of black bring along, with other line ends. Only a statement that black would have left alone before is laid
// out: [Edits] lays out its old text too, and where that does not come out as it stands, what the edits say stays. So a
// file that another formatter, or none, has seen keeps its own style.
//
// What is here are the splits of black's linegen.py (transform_line, delimiter_split, right_hand_split with its omitted
// trailers and its optional brackets, left_hand_split), on tokens without a tree: the roles that black reads off its
// tree (unary, ternary, comprehension, call or display) are told from the tokens around. What it does to tokens
// (quotes, numbers, redundant brackets elsewhere) is not: the old text has been through that.
//
// Statements with strings over several lines, line continuations, semicolons, imports and case are not laid out.
//
// Rejected: wrapping in package pyedit, call by call. It sees the list that it changes and the brackets around, but where
// black breaks depends on the whole statement, and on all edits of it.
package pylayout
