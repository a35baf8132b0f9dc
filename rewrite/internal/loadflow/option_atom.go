package loadflow

import (
	"strconv"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// loaderOption is one loader path with the loader of each step, as written at Node.
type loaderOption struct {
	root    *pymodule.Class // the class of the first step, nil when unknown
	path    *path
	loaders []string   // one a step
	rows    []rowsSaid // what selectin_polymorphic(), load_only() and their like in it say
	mod     *pymodule.Module
	fn      *pymodule.Function
	node    pysyntax.Node
	wild    string   // the loader of a wildcard: raiseload("*")
	begins  string   // the first name of one that is not followed: see option_unknown_name.go
	told    bool     // a name or an attribute in a list: see option_told.go
	unless  string   // the condition that keeps it back, where its loaders are marked as withheld
	instead *unitKey // of a parameter in whose place it stands: see option_default.go
	param   int
	stood   bool // in the place of a parameter that a call gave nothing
	columns bool // with instead: of load_only(*fields), whose columns the parameter brings, see columns_given.go
	first   bool // with instead: the beginning of a loader rather than options, see option_step.go
	id      string
}

func (t *table) option(o *loaderOption) *atom {
	o.id = placeID(o.mod, o.node) + o.path.text() + "~" + strings.Join(o.loaders, ",") + o.wild + o.unless
	for _, r := range o.rows {
		o.id += "|" + r.at.rest() + r.by + r.names
		if r.of != nil {
			o.id += "=" + classID(r.of)
		}
	}
	if o.instead != nil {
		o.id += "?" + o.instead.id + "#" + strconv.Itoa(o.param)
		if o.first {
			o.id += "^"
		}
		if o.columns {
			o.id += "*"
		}
	}
	if o.stood {
		o.id += "!"
	}
	if o.begins != "" {
		o.id += "." + o.begins
	}
	return t.optionOf(t.opts.get(o.id, func() *loaderOption { return o }))
}

// optionOf is the atom of an option that is interned.
func (t *table) optionOf(o *loaderOption) *atom {
	return t.atom(&atom{kind: option, path: o.path, more: &more{opt: o}}, "o"+o.id)
}

func (t *table) optionParam(u *unitKey, param int) *atom {
	return t.atom(&atom{kind: optionParam, more: &more{unit: u, param: param}}, "P"+u.id+"#"+strconv.Itoa(param))
}

// optionParamUnder is joinedload(Order.items).options(*options): what the parameter brings goes under the prefix.
func (t *table) optionParamUnder(a *atom, prefix *loaderOption) *atom {
	return t.optionParamWith(a, prefix, a.then)
}

// optionParamWith is what a's parameter brings, with a step behind it and under a prefix; either may be nil.
func (t *table) optionParamWith(a *atom, prefix, then *loaderOption) *atom {
	id := t.optionParam(a.unit, a.param).id
	if a.name != "" {
		id += "@" + a.name
	}
	if prefix != nil {
		id += "<" + prefix.id
	}
	if then != nil {
		id += ">" + then.id
	}
	return t.atom(&atom{kind: optionParam, more: &more{unit: a.unit, param: a.param, name: a.name, opt: prefix, then: then}}, id)
}
