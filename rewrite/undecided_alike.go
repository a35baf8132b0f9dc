package rewrite

import (
	"fmt"
	"strings"
)

// maxAlike is how many loader paths are reported each that are read at one place, of one query, and undecided for the same reason. A
// schema that holds others can have hundreds, of which one says what to do.
const maxAlike = 12

// alike is what such findings have in common.
type alike struct {
	at, query Place
	why       string
}

// withoutAlike has one report in the place of more than maxAlike that are alike: of the first of them, and how many there are.
func withoutAlike(actions []*action) []*action {
	by := map[alike][]*action{}
	of := func(a *action) (alike, bool) {
		f := a.findings[0]
		why, ok := strings.CutPrefix(f.Message, f.LoaderPath+" is read, ")
		return alike{f.Place, f.query, why}, ok && len(a.findings) == 1 && f.Rule == undecidedRead.Name && f.LoaderPath != "" && !f.Recorded
	}
	for _, a := range actions {
		if key, ok := of(a); ok {
			by[key] = append(by[key], a)
		}
	}
	var out []*action
	for _, a := range actions {
		key, ok := of(a)
		all := by[key]
		switch {
		case !ok || len(all) <= maxAlike:
			out = append(out, a)
		case a != all[0]:
			all[0].loads = append(all[0].loads, a.loads...)
		default:
			out = append(out, a)
		}
	}
	for key, all := range by {
		if len(all) > maxAlike {
			f := &all[0].findings[0]
			f.Message = fmt.Sprintf("%s and %d more are read, %s", f.LoaderPath, len(all)-1, key.why)
		}
	}
	return out
}
