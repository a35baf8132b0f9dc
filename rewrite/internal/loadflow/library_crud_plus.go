package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A class below CRUDPlus of sqlalchemy-crud-plus runs the queries of its model, and takes loader options by load_options
// (read in 1.13, all a list):
//
//	class CRUDUser(CRUDPlus[User]):
//		async def get(self, db, key):
//			return await self.select_model(db, key)  # + load_options=[selectinload(User.roles)]

func isCRUDPlus(external string) bool {
	return strings.HasPrefix(external, "sqlalchemy_crud_plus") && pymodule.Last(external) == "CRUDPlus"
}

// crudPlusQuery is what a method of such a class gives. With join_conditions it gives rows of several models, with load_strategies
// what names say is loaded: neither is followed.
func (x *interp) crudPlusQuery(c *pymodule.Class, name string, args *arguments, n pysyntax.Node) value {
	many := false
	switch name {
	case "select_model", "select_model_by_column":
	case "select_models", "select_models_order":
		many = true
	default:
		return nil
	}
	var loaded []*atom
	for _, other := range []string{"join_conditions", "load_strategies"} {
		if given := args.node(-1, other); given != pysyntax.Nil && x.t.Kind(given) != pysyntax.None {
			loaded = append(loaded, x.unseenLoad(given))
		}
	}
	queried := one(x.a.t.object(c, x.loadedByCall(c, "load_options", args, n, loaded), nil))
	if many {
		return x.a.t.collection(queried)
	}
	return queried
}
