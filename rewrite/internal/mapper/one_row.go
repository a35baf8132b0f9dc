package mapper

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// OneRow reports whether a relationship of c leads to one row at most, whatever the tables hold: it is many-to-one, by foreign keys
// of its own side onto a key of the other. On the other side of such a foreign key uselist=False and Mapped["Letter | None"] say
// that one object is wanted, and not that there is one row: a join gives as many rows as there are, and a LIMIT counts them
// (measured on 2.0 and 2.1). What is not seen is no.
func (ix *Index) OneRow(c *pymodule.Class, r *Relationship) bool {
	if r.Many || !r.ForeignKeyHere || r.MayRing() || r.Target == nil || r.Says["secondaryjoin"] != "" {
		return false
	}
	owner := r.Owner
	if known := ix.classes[owner]; known == nil || !known.Mapped { // a mixin, whose columns its users have
		owner = c
	}
	if join := r.Says["primaryjoin"]; join != "" {
		keys := ix.KeyColumns(c, r)
		return len(keys) == 1 && ix.joinsBy(join, keys[0], owner, r.Target) && ix.refersToKey(owner, keys[0], r.Target)
	}
	if owner == r.Target { // remote_side= says which way: it names the key
		remote := dottedName.FindAllString(r.Says["remote_side"], -1)
		if len(remote) != 1 || ix.HasForeignKey(owner, pymodule.Last(remote[0])) {
			return false
		}
	} else if from, back := ix.views[owner], ix.views[r.Target]; r.Says["foreign_keys"] == "" && from != nil && back != nil &&
		back.refersToAny(from.tables) && !from.refersToAny(back.tables) {
		return false
	}
	for _, column := range ix.KeyColumns(c, r) {
		if !ix.refersToKey(owner, column, r.Target) {
			return false
		}
	}
	return true
}

func (v *view) refersToAny(tables []string) bool {
	for _, k := range v.keys {
		for _, t := range tables {
			if k.table == t {
				return true
			}
		}
	}
	return false
}

// refersToKey reports whether what a foreign key refers to is a key of the other class, as far as that is seen: databases want one,
// but SQLite without its pragma, and MySQL.
func (ix *Index) refersToKey(c *pymodule.Class, column string, target *pymodule.Class) bool {
	from, to := ix.views[c], ix.views[target]
	if from == nil || to == nil {
		return true
	}
	for _, k := range from.keys {
		if k.column != column || k.referred == "" {
			continue
		}
		f := target.Field(k.referred)
		if f == nil || f.Value == pysyntax.Nil && !plainColumn(f.Module.Tree.Text(f.Annotation)) { // of a base, or of Annotated[...]
			continue
		}
		said := f.Module.Tree.Text(f.Value)
		if strings.Contains(said, "primary_key") || strings.Contains(said, "unique") {
			continue
		}
		for _, name := range []string{"__table_args__", "__mapper_args__"} {
			if v := target.Field(name); v != nil && v.Value != pysyntax.Nil && hasName(v.Module.Tree.Text(v.Value), k.referred) {
				said = "primary_key"
			}
		}
		if !strings.Contains(said, "primary_key") && (said == "" || mapsColumn(said)) {
			return false
		}
	}
	return true
}

// plainColumn reports whether an annotation alone makes a column of which it says nothing else: Mapped[str].
func plainColumn(annotation string) bool {
	inner, ok := strings.CutPrefix(annotation, "Mapped[")
	switch pymodule.Last(strings.TrimSuffix(inner, "]")) {
	case "str", "int", "UUID", "date", "datetime", "bytes":
		return ok
	}
	return false
}

// mapsColumn reports whether what stands in a class body makes a column by itself, and is no helper's.
func mapsColumn(said string) bool {
	name, _, _ := strings.Cut(said, "(")
	switch pymodule.Last(name) {
	case "Column", "mapped_column", "Field":
		return true
	}
	return false
}
