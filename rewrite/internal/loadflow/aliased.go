package loadflow

// aliases are the classes in v as aliased() or with_polymorphic() of them.
func (x *interp) aliases(v value) value {
	var out []*atom
	for _, a := range v {
		if a.kind == classRef {
			args := a.args
			args.alias = true
			a = x.a.t.classRef(a.class, args, a.bound)
		}
		out = append(out, a)
	}
	return valueOf(out)
}
