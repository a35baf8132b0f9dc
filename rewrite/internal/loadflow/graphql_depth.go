package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// maxTypes bounds how deep types are followed into each other, by attributes and methods: what a client asks for is not known,
// and all that it could ask for is without end where types lead to each other.
const maxTypes = 3

// enterType notes that an object is read as a type; false where that is too deep, or the type was passed on the way.
func (x *interp) enterType(c *pymodule.Class) bool {
	if len(x.types) >= maxTypes || slices.Contains(x.types, c) {
		return false
	}
	x.types = append(x.types, c)
	return true
}

func (x *interp) leaveType() {
	x.types = x.types[:len(x.types)-1]
	if len(x.types) == 0 {
		x.typesRead = nil
	}
}

// typeRead is an object that is read as a type, and the types that were passed on the way.
type typeRead struct {
	fieldsOf
	depth  int
	level  int
	passed [maxTypes]*pymodule.Class // none for the last type, which enters no other: it reads the same on all ways
}

// typeReadBefore reports whether an object was read as the type that was entered last already, for the same call or return, with all
// that is behind it. Types lead to each other by many ways, and where a resolver may give an object of any class, by as many for each.
func (x *interp) typeReadBefore(f fieldsOf, depth int) bool {
	key := typeRead{fieldsOf: f, depth: depth, level: len(x.types)}
	if key.level < maxTypes {
		copy(key.passed[:], x.types[:key.level-1])
	}
	if x.typesRead[key] {
		return true
	}
	if x.typesRead == nil {
		x.typesRead = map[typeRead]bool{}
	}
	x.typesRead[key] = true
	return false
}
