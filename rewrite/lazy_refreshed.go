package rewrite

import (
	"cmp"
	"maps"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Two relationships must not get noload where one of them is loaded by its name behind its query (measured on 2.0 and 2.1):
//
//	await session.refresh(order, ["items"])  # loads nothing where Order.items has noload: [] from here on
//	[item.order for item in order.items]     # and where Item.order has it, this load adds lazyload(Item.order) by itself, which an
//	                                         # option of the query through Order.items.order conflicts with: InvalidRequestError
//
// Names alone say which. Not seen: names that only running code knows.

// findRefreshed notes for noload where a relationship, or the other side of it, is loaded by its name, be it by what this run writes:
// the next one would find that there.
func (u *uncovered) findRefreshed(written map[string]string) {
	if u.lazy != string(mapper.Noload) {
		return
	}
	by := maps.Clone(written)
	if by == nil {
		by = map[string]string{}
	}
	for _, m := range u.graph.Modules {
		if m.Test() {
			continue
		}
		for n := range m.Tree.Within(m.Tree.Root()) {
			for _, name := range refreshedAt(m.Tree, n) {
				by[name] = cmp.Or(by[name], u.at(m, n))
			}
		}
	}
	if len(by) == 0 {
		return
	}
	u.refreshed = map[*mapper.Relationship]string{}
	for _, r := range u.index.Relationships {
		if at := by[r.Name]; at != "" {
			u.refreshed[r] = "not noload, under which what " + at + " loads by its name is nothing"
			continue
		}
		for _, down := range u.index.Relationships {
			if at := by[down.Name]; at != "" && loadflow.IsReverse(down, r) {
				u.refreshed[r] = "not noload, which conflicts with how " + at + " loads " + down.Name + " by its name"
				break
			}
		}
	}
}

// refreshesWritten are the names that the refreshes of this run load by, each with the place of a read. Where raise_on_sql makes
// one needless (staysAnswered), its relationship has that all the same.
func (u *uncovered) refreshesWritten() map[string]string {
	out := map[string]string{}
	if u.lazy != string(mapper.Noload) {
		return out
	}
	for _, saved := range u.flow.Unloaded {
		for _, need := range saved.Needs {
			if u.refreshes(saved, need) {
				for _, s := range need.Steps[need.Loaded:] {
					out[s.Rel.Name] = cmp.Or(out[s.Rel.Name], "the refresh for "+u.at(need.Why[0].Module, need.Why[0].Node))
				}
			}
		}
	}
	return out
}

// refreshedAt are the names that a node loads attributes by: refresh(order, ["items"]), order.awaitable_attrs.items.
func refreshedAt(t *pysyntax.Tree, n pysyntax.Node) []string {
	switch t.Kind(n) {
	case pysyntax.Attribute:
		if pymodule.Last(t.Text(t.Child(n, pysyntax.FieldObject))) == "awaitable_attrs" {
			return []string{t.Text(t.Child(n, pysyntax.FieldAttribute))}
		}
	case pysyntax.Call:
		if t.Text(t.Child(t.Child(n, pysyntax.FieldFunction), pysyntax.FieldAttribute)) != "refresh" {
			return nil
		}
		var out []string
		for c := range t.Within(t.Child(n, pysyntax.FieldArguments)) {
			if s := pymodule.StringValue(t, c); s != "" {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}
