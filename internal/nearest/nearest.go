// Package nearest guesses which name was meant by one that there is not.
package nearest

import (
	"strings"

	"github.com/xrash/smetrics"
)

// Name is the one of names that is nearest to wrong, "" where none is near.
func Name(wrong string, names []string) string {
	best, score := "", 0.8 // as the cli library; below it, guesses are odd
	for _, name := range names {
		if got := smetrics.JaroWinkler(strings.ToLower(wrong), name, 0.7, 4); got > score {
			best, score = name, got
		}
	}
	return best
}
