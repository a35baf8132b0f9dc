package loadflow

import "strings"

// statementThrough is what code outside of the tree gives for the statements that it is given: those, with conditions or an
// order that change nothing of what a row is (`order_filter.filter(select(Order))` of fastapi-filter, `apply_filters(query,
// spec)` of sqlalchemy-filters). Where it gives something else, a count or a page, that is not run as a statement.
func statementThrough(name string, args *arguments) value {
	if strings.HasSuffix(name, "_") || expressionMethods[name] {
		return nil
	}
	var out value
	for _, a := range args.all() {
		if a.kind == statement {
			out = join(out, one(a))
		}
	}
	return out
}

// expressionMethods are those of columns and relationships, beside in_() and its like, that take a statement into a condition.
var expressionMethods = map[string]bool{"any": true, "has": true, "op": true, "not_in": true, "contains": true, "append": true, "add": true}
