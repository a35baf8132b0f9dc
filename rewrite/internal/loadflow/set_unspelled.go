package loadflow

import "strings"

// An attribute may be set and read in one function by a name that does not stand there:
//
//	if not hasattr(obj, self.attr):
//		setattr(obj, self.attr, self.fn(obj))
//	return getattr(obj, self.attr)
//
// What it was set to is what such a getattr() gives, of the same two expressions, beside what is known by the name. Limit: both
// stand in one function, and what another one set by such a name is not seen.

// unspelledPrefix begins the keys of the environment for these.
const unspelledPrefix = "<set by name> "

// unspelled is the key for the attribute of what a getattr() or setattr() is given. It must have no dot: see isAttribute.
func (x *interp) unspelled(args *arguments) string {
	owner, name := x.t.Text(args.posNodes[0]), x.t.Text(args.posNodes[1])
	return unspelledPrefix + strings.ReplaceAll(owner+" "+name, ".", " ")
}

// setUnspelled notes what an attribute is set to.
func (x *interp) setUnspelled(args *arguments) {
	x.env[x.unspelled(args)] = args.get(2, "")
}

// setBefore is what this function set the attribute to that a getattr() reads.
func (x *interp) setBefore(args *arguments) value { return x.env[x.unspelled(args)] }
