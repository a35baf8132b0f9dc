// Command lazyfix makes Python code on SQLAlchemy safe for async: it finds lazy loads that would fail there, and writes
// what prevents them.
//
// This package is the command line only. In: arguments, configuration, standard input. Out: a report, a patch or written
// files, and an exit code. What is found and changed is package rewrite's, how it is written package edits'.
package main

import "os"

func main() {
	tuneCollector()
	os.Exit(Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
