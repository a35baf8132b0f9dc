package mapper

import (
	"regexp"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

var equality = regexp.MustCompile(`([A-Za-z_]\w*)\.(\w+)==([A-Za-z_]\w*)\.(\w+)`)

// SameKey reports whether a many-to-one relationship leads from what another one holds to the object itself, as both go by one foreign
// key, whatever they say of each other: one of several collections of a class, by a primaryjoin= that takes some of its rows.
//
//	prices = relationship(primaryjoin="and_(Price.product_id == Product.id, ~Price.archived)", viewonly=True)
//	# Price.product, with product_id: product.prices[0].product is product
func (ix *Index) SameKey(down, back *Relationship) bool {
	if back.Many || !back.ForeignKeyHere || back.Says["primaryjoin"] != "" || down.ForeignKeyHere || down.MayRing() ||
		down.Target == nil || down.Target != back.Owner || back.Target != down.Owner {
		return false
	}
	keys := ix.KeyColumns(back.Owner, back)
	if len(keys) != 1 || !slices.Equal(keys, ix.KeyColumns(down.Target, down)) {
		return false
	}
	join := strings.Join(strings.Fields(down.Says["primaryjoin"]), "")
	if join == "" {
		return down.Says["foreign_keys"] == "" // which may come with anything
	}
	return ix.joinsBy(join, keys[0], down.Target, down.Owner)
}

// joinsBy reports whether a primaryjoin= takes no other rows than those that a foreign key of a class refers to in another: fewer, maybe.
func (ix *Index) joinsBy(join, key string, from, to *pymodule.Class) bool {
	join = strings.Join(strings.Fields(join), "")
	if strings.Contains(join, "or_(") || strings.Contains(join, "|") || strings.Contains(join, "not_(") || strings.Contains(join, "~(") {
		return false
	}
	for _, m := range equality.FindAllStringSubmatch(join, -1) {
		for _, e := range [][]string{m[1:], {m[3], m[4], m[1], m[2]}} {
			if e[0] == from.Name && e[1] == key && e[2] == to.Name && ix.Refers(from, e[1], to, e[3]) {
				return true
			}
		}
	}
	return false
}
