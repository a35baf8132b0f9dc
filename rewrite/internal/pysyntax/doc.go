// Package pysyntax turns the bytes of one Python file into an immutable tree of our own.
//
// In: the bytes of a file (UTF-8; other encodings are decoded by package source before). Out: a *Tree, a flat pre-order
// array of named nodes with byte spans, that any number of goroutines may read at once. Nothing of tree-sitter leaves
// this package: its Tree caches nodes in an unlocked map (concurrent readers crash), a Node used after Close is a
// segmentation fault that recover cannot catch, and a walk over its nodes costs a parse. So a file is parsed, flattened
// by one C call, and the C tree is closed before Parse returns.
//
// Anonymous tokens (keywords, operators, punctuation) are not kept: nobody asks for them but edits, and those read the
// bytes between named nodes. Comments are kept, and passed over by Children.
//
// The parser stands behind Parser.Parse alone, so that the grammar can change. What the grammar lacks of Python 3.13 and
// 3.14 is spelled otherwise for it, at the same offsets (newer.go).
package pysyntax
