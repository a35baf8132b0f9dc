package loadflow

// Admins, serializers and repositories are often registered under the class that they serve:
//
//	def __init_subclass__(cls):
//		cls.registry[cls.model] = cls
//
//	Admin.registry[Order](session)
//
// One mapped class that a key is known to be is the name of an entry, as a string is, where the class has no hierarchy: a row that is
// queried as an Event may be of a subclass, whose entry it is then. Lists, which may be filled under another key, have no such name.

// classKey is the name of the entry under a key that is one mapped class, "" for any other key.
func (x *interp) classKey(key value) string {
	if len(key) != 1 || key[0].kind != classRef || len(x.a.g.Subclasses(key[0].class)) > 0 {
		return ""
	}
	c := key[0].class
	for base := range x.a.g.Lineage(c) {
		m := x.a.ix.Class(base)
		if mapped := m != nil && m.Mapped; mapped != (base == c) {
			return ""
		}
	}
	return c.Module.Path + ":" + c.Name
}

// keptByClass reports whether a value is what is registered for a class.
func keptByClass(v value) bool {
	for _, a := range v {
		if a.kind != classRef && a.kind != funcRef && a.kind != instance {
			return false
		}
	}
	return len(v) > 0
}
