// Package rewrite is lazyfix itself: it loads a Python program, finds what its rules say, and plans the edits.
//
// In: paths and settings (Options). Out: a *Result with the findings, the changed files, and everything that could not be
// read or decided. Nothing is written and nothing is printed here: package edits commits the changes, cmd/lazyfix shows
// them.
//
//	files -> source.File -> pysyntax.Tree -> pymodule.Graph -> mapper.Index -> loadflow.Flow
//	      -> Finding (+ edits.Fix) -> edits.Plan -> edits.Change
//
// Everything up to loadflow.Flow is immutable once made. Each rule is one file of this package; the list of rules is in
// rules.go.
package rewrite
