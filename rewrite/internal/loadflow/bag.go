package loadflow

import "github.com/lazyfix/lazyfix/rewrite/internal/pymodule"

// maxFieldClasses is how many mapped classes an attribute may hold objects of.
const maxFieldClasses = 12

// isBag reports whether an attribute holds objects of so many classes that it says nothing of any: event.data, task.args.
// Who reads event.data.items means one of them, and which one is not to be seen.
func isBag(v value) bool {
	classes := map[*pymodule.Class]bool{}
	for _, a := range flatten(v) {
		if a.kind == object {
			classes[a.class] = true
		}
	}
	return len(classes) > maxFieldClasses
}
