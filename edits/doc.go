// Package edits turns fixes into changed files: as a patch, or in place.
//
// In flow a [Baseline] for each file that may change (its bytes as they were
// read) and a [Fix] for each finding: byte ranges to replace, in one file or in
// several. A [Plan] merges the fixes, each wholly or not at all. Out flow the
// files that really change, each as a [Change], which is either shown
// ([Change.Unified], a patch that plain git apply takes) or written ([Commit]).
// Both give the same bytes, those of [Apply].
//
// The package knows bytes only: no Python, no encoding, no line ending. A line
// ends after "\n" and nowhere else, so "\r" belongs to its line, and a byte
// order mark, bytes that are not UTF-8 and NUL pass through untouched. That a
// merged result still parses, or still means what each fix meant, it cannot
// promise: two fixes that do not touch the same bytes may yet contradict each
// other. Its caller merges meaning before (actions per slot) and parses after.
//
// # Order
//
// All offsets count bytes of the baseline, never of a partly edited text. At one
// offset the order of what comes out is
//
//  1. the new text of a replacement that ends there,
//  2. the insertions there, in the order in which they were given (in a plan: by
//     the order of [Plan.Add], then by the order inside the fix),
//  3. the new text of a replacement that starts there.
//
// So a pair of insertions around a range wraps whatever the range is replaced
// by. An insertion strictly inside a replaced range has no place and is an
// error, as is any overlap. Splitting the replacement at the insertion instead,
// as some merges do, gives `relationship(, back_populates="b"A)`.
package edits
