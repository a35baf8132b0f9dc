// Package sweep runs lazyfix over many repositories.
//
// In: folders, and how to start one run. Out, in one folder: a patch and a JSON report a repository, what its run said on
// standard error where it failed, and sweep.jsonl, which has a line of statistics for each. A run is a process of its own
// with a bound on its time, so that neither a crash nor an endless one stops the others.
//
// The lines are written as the runs end, so a sweep that was interrupted goes on where it stopped: a repository with a
// line for the same revision, version and options is not run again, unless it failed. A working tree with changes has no
// revision to go by and is always run.
package sweep
