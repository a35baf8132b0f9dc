package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Results as values: Success(order) of the library returns, Ok(order) of result, whose unwrap() gives it again. Such a
// container is taken for what is in it, as a task is for what its coroutine gives.

// resultMade is the call of one of them; false for any other.
func resultMade(name string) bool {
	pkg, _, _ := strings.Cut(name, ".")
	switch pymodule.Last(name) {
	case "Success", "Some", "Ok", "IOSuccess", "FutureSuccess", "from_optional", "from_value", "from_result", "Failure", "Err":
		return pkg == "returns" || pkg == "result" || pkg == "option"
	}
	return false
}

// resultMethod is a method of such a container; nil for any other.
func (x *interp) resultMethod(owner value, name string, args *arguments, n pysyntax.Node) value {
	if !hasObject(owner) {
		return nil
	}
	switch name {
	case "unwrap", "expect", "unwrap_or", "value_or", "unwrap_or_else", "unwrap_or_raise", "ok":
		return join(owner, args.get(0, "default"))
	case "map", "bind", "and_then", "inspect", "tap", "map_async", "bind_async", "bind_awaitable", "bind_optional", "bind_result":
		if len(args.posNodes) > 0 && x.t.Kind(args.posNodes[0]) == pysyntax.Lambda {
			return x.apply(args.posNodes[0], []value{owner})
		}
		return x.callValue(args.get(0, "function"), &arguments{pos: []value{owner}}, n)
	}
	return nil
}
