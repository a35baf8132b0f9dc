package loadflow

import "github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"

// fastapiUsers is fastapi_users.get_users_router(UserRead, UserUpdate) or get_register_router(UserRead, UserCreate): their routes
// answer with the first schema, read from a user that the library queries. No option gets there, so that what it reads is reported,
// unless the model loads it.
func (x *interp) fastapiUsers(name string, args *arguments, n pysyntax.Node) {
	if name != "get_users_router" && name != "get_register_router" {
		return
	}
	schema := args.node(0, "user_schema")
	if schema == pysyntax.Nil {
		return
	}
	s := typeScope{mod: x.m, class: x.class, fn: x.u.key.fn, origin: x.a.t.typeOrigin(x.m, n)}
	for _, m := range x.a.g.Modules {
		for _, c := range m.Classes {
			if mapped := x.a.ix.Class(c); mapped != nil && mapped.Mapped && x.a.inherits(c, "SQLAlchemyBaseUserTable", "SQLAlchemyBaseUserTableUUID") {
				x.readSchema(one(x.a.t.object(c, s.origin, nil)), x.a.parseType(x.t.Text(schema)), s, n, 0)
			}
		}
	}
}
