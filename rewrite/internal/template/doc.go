// Package template turns Jinja templates into Python, so that load flow reads them as it reads any other function.
//
// In: the texts of all templates of a program. Out: a Module for each: Python text with a function for the template's
// body, whose parameters are the names that it takes from its context, one for each macro, and where each piece of that
// text stands in the template. The Python text is never run and never shown.
//
// # How
//
// A template becomes statements (scan.go, body.go, control.go) and expressions (expression.go, emit.go); `{% for %}` is a for,
// `{% set %}` an assignment, a filter a call of Filter. Names that a loop, a with or a macro binds get Python names of
// their own, since Jinja's scopes end where Python's do not. An include calls the included template's function with what
// it takes; a child template runs its own blocks, then what is left of its parent without them (link.go). What a template
// takes depends on what those take, so templates are translated again until that settles.
//
// # Why no library
//
// The kept Go libraries, gonja and pongo2, are engines: both refuse a template with a tag, and pongo2 one with a filter,
// that is not registered, and every project has such. We want the opposite: read what we know, and name the line that we
// cannot read. The rest of an engine (loading, escaping, output) is of no use here.
//
// # Limits
//
// Delimiters other than Jinja's own and line statements are not known. A block marked `scoped` does not see the loop
// variables of its parent.
package template
