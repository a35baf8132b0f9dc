package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// packageFunction is a function of a library by its package and its own name: the module between is left out, since packages
// hand on what their modules define, and move it about. Nil is for what gives nothing of what it is given. Those that take a
// type tell what it is by conversion.
func packageFunction(name string) standardCall {
	pkg, _, _ := strings.Cut(name, ".")
	switch last := pymodule.Last(name); pkg + " " + last {
	case "sqlalchemy set_committed_value", "sqlalchemy set_attribute":
		return setsRelationship
	case "sqlalchemy " + spawns:
		return spawned
	case "sqlalchemy Load":
		return func(x *interp, args *arguments, n pysyntax.Node) value {
			return one(x.a.t.option(&loaderOption{mod: x.m, fn: x.u.key.fn.Def(), node: n, root: classOf(args.get(0, ""))}))
		}
	case "sqlmodel col":
		return func(_ *interp, args *arguments, _ pysyntax.Node) value { return args.get(0, "column_expression") }
	case "random choice", "random choices", "random sample", "secrets choice", "numpy choice":
		return func(x *interp, args *arguments, n pysyntax.Node) value {
			v, _ := x.picked(last, args, n)
			return v
		}
	case "pydantic create_model":
		return func(x *interp, _ *arguments, n pysyntax.Node) value { return x.createdSchema(n) }
	case "pydantic TypeAdapter":
		return func(x *interp, args *arguments, _ pysyntax.Node) value {
			return x.typesOf(args.node(0, "type"), args.get(0, "type"))
		}
	case "msgspec convert", "pydantic parse_obj_as", "advanced_alchemy to_schema", "litestar to_schema", "adaptix get_converter":
		return func(x *interp, args *arguments, n pysyntax.Node) value {
			v, _ := x.conversion(last, args, n)
			return v
		}
	case "adaptix link_function":
		return linkedFunction
	case "adaptix link":
		return linked
	case "adaptix coercer":
		return coerced
	case "litestar OffsetPagination", "advanced_alchemy OffsetPagination", "litestar ClassicPagination", "litestar CursorPagination":
		return func(x *interp, args *arguments, _ pysyntax.Node) value { // dataclasses, whose first field is the rows
			return x.pageWith(x.a.t.collection(x.elements(args.get(0, "items"))))
		}
	case "aiogram Dispatcher":
		return func(x *interp, args *arguments, _ pysyntax.Node) value {
			for _, e := range args.entries() {
				x.put(kept("aiogram", e.name), e.value)
			}
			return nil
		}
	case "advanced_alchemy create_service_provider":
		return func(x *interp, args *arguments, _ pysyntax.Node) value {
			return x.a.t.serviceProvider(classOf(args.get(0, "service_class")))
		}
	case "tenacity AsyncRetrying", "tenacity Retrying":
		return retryingMade
	case "tenacity retry", "stamina retry":
		return retryMade
	case "fastapi jsonable_encoder":
		return encodedBy
	case "sqlalchemy async_sessionmaker", "sqlalchemy sessionmaker": // of a class of the program, which has methods of its own
		return func(_ *interp, args *arguments, _ pysyntax.Node) value {
			if c := classOf(args.kw["class_"]); c != nil {
				return args.kw["class_"]
			}
			return nil
		}
	case "strawberry field", "strawberry mutation", "strawberry subscription", "strawberry connection":
		return resolvedBy
	case "strawberry DataLoader":
		return func(_ *interp, args *arguments, _ pysyntax.Node) value { return args.get(0, "load_fn") }
	case "aiodataloader DataLoader":
		return func(_ *interp, args *arguments, _ pysyntax.Node) value { return args.get(0, "batch_load_fn") }
	}
	return nil
}

// setsRelationship is set_committed_value(order, "items", items).
func setsRelationship(x *interp, args *arguments, _ pysyntax.Node) value {
	if len(args.posNodes) > 2 {
		for _, a := range args.pos[0] {
			if attr := pymodule.StringValue(x.t, args.posNodes[1]); a.kind == object && attr != "" {
				x.setRelationship(a, attr, args.pos[2])
			}
		}
	}
	return nil
}
