package loadflow

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// saysColumns are the options that say which columns are loaded.
var saysColumns = map[string]bool{"load_only": true, "defer": true, "undefer": true, "undefer_group": true}

// columnsSaid is load_only(Order.id, ...), defer(...), undefer(...) or undefer_group(...), or the method of the option in base by that
// name.
func (x *interp) columnsSaid(by string, base *loaderOption, args *arguments, n pysyntax.Node) *atom {
	o := &loaderOption{mod: x.m, fn: x.u.key.fn.Def(), node: n, unless: x.withheld}
	if base != nil {
		o = x.endingAt(base, n).opt
	}
	said := rowsSaid{at: o.path, by: by}
	var names []string
	named := x.a.columnArguments(x.m, n)
	for _, arg := range named {
		if by == "undefer_group" {
			names = append(names, cmp.Or(pymodule.StringValue(x.t, arg), anyColumn))
			continue
		}
		if pymodule.StringValue(x.t, arg) == anyColumn && by == "defer" {
			said.by, names = "load_only", nil // which names none
			break
		}
		if x.t.Kind(arg) != pysyntax.Attribute {
			names = []string{anyColumn}
			break
		}
		names = append(names, x.t.Text(x.t.Child(arg, pysyntax.FieldAttribute)))
		for _, c := range x.quiet(x.t.Child(arg, pysyntax.FieldObject)) {
			if c.kind == classRef {
				said.of = c.class
			}
		}
	}
	with := *o
	if x.hasSplat(n) && len(named) == 0 {
		names = []string{anyColumn}
		if i := x.paramNamed(spreadAlone(x.t, n)); i >= 0 && by == "load_only" && with.instead == nil && base == nil {
			with.instead, with.param, with.columns = x.u.key, i, true
		}
	}
	said.names = strings.Join(names, ",")
	with.rows = append(slices.Clip(with.rows), said)
	return x.a.t.option(&with)
}

// says reports whether what is said of columns is said of one.
func (r *rowsSaid) says(name string) bool {
	return r.names == anyColumn || slices.Contains(strings.Split(r.names, ","), name)
}

// saysByComposite reports whether one of the names of an option is that of a composite which has the column (measured on 2.1).
func (a *analysis) saysByComposite(r *rowsSaid, column *mapper.Relationship) bool {
	return slices.ContainsFunc(strings.Split(r.names, ","), func(name string) bool {
		return slices.Contains(a.columnsOfComposite(column.Owner, name), column.Name)
	})
}

// loadLeftOut reports whether a column behind a path is loaded, or names the option that leaves it out on purpose. What a flag keeps
// back, `if compact: options.append(load_only(...)) else: options.append(selectinload(...))`, leaves out nothing for who does not set
// it; nor does it load anything, which is told as it is of a loader.
func (a *analysis) loadLeftOut(up *path, column *mapper.Relationship, opts *optionSet) (loaded bool, deliberate string) {
	loaded = column.Form == mapper.FormLeftOut
	named, kept := false, false
	for r, o := range opts.rows(up) {
		if r.by == "" || r.of != nil && !a.related(r.of, column.Owner) {
			continue
		}
		said := r.says(column.Name) || r.by != "undefer_group" && a.saysByComposite(&r, column)
		if r.by == "undefer_group" {
			group := a.groupOf(column)
			said = group == anyColumn || group != "" && r.says(group)
		}
		switch {
		case o.unless != "":
			kept = kept || said && r.by == "undefer"
		case r.by == "defer" && said && r.names != anyColumn:
			return false, "defer()"
		case said && r.by != "defer":
			named = true
		case r.by == "load_only":
			loaded = false
		}
	}
	if kept && !loaded && !named {
		return false, "undefer()" + withheld
	}
	return loaded || named, ""
}
