// Package pyedit makes edits of Python source that look as if a person had made them.
//
// In: a *pysyntax.Tree, a node of it, and Python source to put there. Out: edits of that tree's bytes, to be handed to
// package edits. They are insertions wherever a text can be made by insertions alone, so that comments and formatting
// survive and edits of different findings seldom meet.
//
// The package knows brackets, commas, comments, indentation, line ends, and where import statements stand. It does not
// know what a name means: whether a keyword may be given, or an import makes a cycle, is the caller's question. What
// has no good place is an error that gives the line (the caller adds the file), never a guess.
//
// Order matters where two calls insert at one offset: the edits of Deepen go before those of AddOptions, which may
// append an argument right behind the option that is deepened. Two calls that add to the same list should be one call
// with both elements, because each of them writes the comma that is missing.
//
// Rejected: printing the changed statement anew (it loses comments, and touches lines that nobody asked to touch), and
// calling the project's own formatter (it reformats the whole file, and may not be there).
package pyedit
