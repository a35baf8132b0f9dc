package mapper

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

var columnOwner = regexp.MustCompile(`\b([A-Za-z_]\w*)\.(?:c\.)?\w`)

// beyond reports whether the joins of a relationship name a table that is neither side's nor the secondary one. A lazy load
// puts it beside the others in FROM; selectinload, joinedload and subqueryload do not, and the statement fails (measured on
// 2.0 and 2.1). One inside a subquery has a FROM of its own.
func (b *builder) beyond(r *Relationship, c call) bool {
	secondary := r.Says["secondary"]
	if v := b.node(c.at, c.arg(1, "secondary")).Variable; v != nil { // links = Link.__table__
		secondary += " " + v.Module.Tree.Text(v.Value)
	}
	for _, join := range []string{r.Says["primaryjoin"], r.Says["secondaryjoin"]} {
		if strings.Contains(join, "select(") || strings.Contains(join, "exists(") {
			continue
		}
		for _, m := range columnOwner.FindAllStringSubmatch(join, -1) {
			for _, c := range b.registry[m[1]] {
				if !b.isSide(c, r.Owner) && !b.isSide(c, r.Target) && !hasName(secondary, m[1]) &&
					!slices.ContainsFunc(b.tableNames(c), func(table string) bool { return hasName(strings.ToLower(secondary), table) }) {
					return true
				}
			}
		}
	}
	return false
}

// hasName reports whether a text has a name as a whole: "workspaces_users" is not of workspaces.
func hasName(text, name string) bool {
	return slices.Contains(strings.FieldsFunc(text, func(r rune) bool {
		return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), name)
}

// isSide reports whether a class is one side of a relationship, or shares its table or its columns.
func (b *builder) isSide(c, side *pymodule.Class) bool {
	return side == nil || b.g.IsSubclass(side, c) || b.g.IsSubclass(c, side)
}
