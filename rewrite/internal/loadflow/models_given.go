package loadflow

import "slices"

// What *args of a function gets keeps its places where a model is among it, as in
//
//	async def call(function, *args):
//	    return await function(*args)      await call(Repository.get, repository, Order, key)
//
// and where all are classes, repositories(session, Orders, Items). Anything else is one collection: each tuple makes a context of its own.

// maxModelsGiven bounds the arguments that keep their places.
const maxModelsGiven = 8

// modelsGiven are the arguments that a call spells for *args, nil where no model is among them and they are not all classes.
func (x *interp) modelsGiven(given []value, args *arguments) value {
	if len(given) == 0 || len(given) > maxModelsGiven || len(args.star) > 0 || args.more {
		return nil
	}
	made := x.a.t.tuple(given, nil)
	if !slices.ContainsFunc(given, func(v value) bool { return len(v) == 1 && x.mappedClasses(v) == 1 }) && !x.a.isPlaced(made[0]) {
		return nil
	}
	return made
}

// tellsModel reports whether an atom is a tuple with a class in it, and no objects.
func tellsModel(a *atom) bool {
	return a.kind == tuple && a.names == nil && !hasObject(one(a)) && slices.ContainsFunc(a.elems, func(e value) bool { return len(e) == 1 && e[0].kind == classRef })
}
