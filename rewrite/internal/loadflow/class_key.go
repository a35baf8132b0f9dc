package loadflow

// Admins, serializers and repositories are often registered under the class that they serve:
//
//	def __init_subclass__(cls):
//		cls.registry[cls.model] = cls
//
//	Admin.registry[Order](session)
//
// One mapped class that a key is known to be is the name of an entry, as a string is.

// classKey is the name of the entry under a key that is one mapped class, "" for any other key.
func (x *interp) classKey(key value) string {
	if len(key) != 1 || key[0].kind != classRef {
		return ""
	}
	c := key[0].class
	if m := x.a.ix.Class(c); m == nil || !m.Mapped {
		return ""
	}
	return c.Module.Path + ":" + c.Name
}
