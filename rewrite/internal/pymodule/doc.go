// Package pymodule says what a name means, over the whole program, without running it.
//
// In: the trees of all files. Out: a *Graph of modules with their classes, functions and bindings, and Resolve, which
// follows a dotted name through imports (cyclic ones too), re-exports, aliases, wildcard imports and TYPE_CHECKING to the
// class, function, variable or module that it names, or to an External name such as "sqlalchemy.orm.relationship".
//
// Python imports are cyclic, so nothing here is computed in the order of imports: Extract looks at one file alone (any
// number at once), Link makes the graph of them, and names are resolved when asked for. A Graph is immutable and safe
// for any number of goroutines.
//
// Limits: bindings are per scope, not per statement; of several bindings of one name a definition beats an import and
// an import beats an assignment, and of equals the last one counts. Meanings gives all where they stand in branches of which
// one runs (several.go). sys.path is not known: see find.go.
package pymodule
