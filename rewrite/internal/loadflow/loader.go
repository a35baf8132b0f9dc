package loadflow

import "strings"

// loading is how a loader loads.
type loading uint8

const (
	notLoading loading = iota
	byOwnQuery         // by a query of its own behind the statement
	byJoin             // in the rows of the statement
)

// loaders are the functions that make a loader option or append a step to one, with how they load.
var loaders = map[string]loading{
	"selectinload": byOwnQuery, "subqueryload": byOwnQuery, "immediateload": byOwnQuery, "joinedload": byJoin, "contains_eager": byJoin,
	"defaultload": notLoading, "lazyload": notLoading, "noload": notLoading, "raiseload": notLoading,
}

// IsLoader reports whether a function of SQLAlchemy is a loader.
func IsLoader(name string) bool {
	_, ok := loaders[name]
	return ok
}

// Loaders are the names of all loaders.
func Loaders() []string { return sortedKeys(loaders) }

// OwnQuery reports whether a loader, marked or not, loads by a query of its own.
func OwnQuery(loader string) bool { return loaders[Bare(loader)] == byOwnQuery }

// loads reports whether a loader, marked or not, loads.
func loads(loader string) bool {
	return loaders[Bare(loader)] != notLoading && !strings.Contains(loader, withheld)
}

// strength orders the loaders that variants of one statement have for a path. One that keeps it from being loaded comes before one that
// loads it: whatever the order, SQLAlchemy refuses both in one statement (measured on 2.1: InvalidRequestError), so that it can be
// given none in all of them.
func strength(loader string) int {
	switch {
	case Bare(loader) == "defaultload":
		return 0
	case loads(loader):
		return 1
	}
	return 2
}

// particular marks a loader whose step says more than which relationship: Order.items.and_(...), alias=...,
// innerjoin=True. Such a step cannot be written a second time without saying the same.
const particular = "+"

// ofType marks a step that goes to a subclass or an alias: what follows must be spelled by that.
const ofType = "~"

// OfType reports whether a step's loader goes by of_type(), so that no further step can be added without knowing by which
// name.
func OfType(loader string) bool { return strings.HasSuffix(loader, ofType) }

// withheld marks a loader that the query has only where a flag is set, for a caller that does not set it.
const withheld = "-"

// Bare is a loader without its marks.
func Bare(loader string) string { return strings.TrimRight(loader, particular+ofType+withheld) }
