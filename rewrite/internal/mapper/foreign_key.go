package mapper

import (
	"regexp"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// foreignKey is a column that refers to one of a table. The column is "" where it is not an attribute that the class body names, the
// table and what is referred to where that is not spelled.
type foreignKey struct{ column, table, referred string }

// HasForeignKey reports whether a column of c, or of its bases, is declared with a foreign key.
func (ix *Index) HasForeignKey(c *pymodule.Class, column string) bool {
	v := ix.views[c]
	return v != nil && slices.ContainsFunc(v.keys, func(k foreignKey) bool { return k.column == column })
}

// Refers reports whether a column of c is declared with a foreign key to one column of the table of another class, by its name.
func (ix *Index) Refers(c *pymodule.Class, column string, to *pymodule.Class, referred string) bool {
	from, other := ix.views[c], ix.views[to]
	return from != nil && other != nil && slices.ContainsFunc(from.keys, func(k foreignKey) bool {
		return k.column == column && k.referred == referred && slices.Contains(other.tables, k.table)
	})
}

var dottedName = regexp.MustCompile(`[A-Za-z_][\w.]*`)

// KeyColumns are the columns by which a relationship without a secondary table goes: of its owner for many-to-one, else of its
// target; where that side is a mixin or is not known, of c, which has the columns. That is what foreign_keys= names; else
// customer_id of a relationship customer; else the foreign keys to the table of the other side, of which SQLAlchemy wants a
// primaryjoin= to name one where there are several. What only the arguments of foreign() in a primaryjoin= tell is not seen.
func (ix *Index) KeyColumns(c *pymodule.Class, r *Relationship) []string {
	if says := r.Says["foreign_keys"]; says != "" {
		var out []string
		for _, name := range dottedName.FindAllString(says, -1) {
			out = append(out, pymodule.Last(name))
		}
		return out
	}
	side, other := r.Target, r.Owner
	if r.ForeignKeyHere {
		side, other = r.Owner, r.Target
	}
	if known := ix.classes[side]; known != nil && known.Mapped {
		c = side
	}
	join, called := r.Says["primaryjoin"], r.Name+"_id"
	if r.ForeignKeyHere && join == "" && (c.Field(called) != nil || ix.Other(c, called) == Column) {
		return []string{called}
	}
	var out []string
	if from, to := ix.views[c], ix.views[other]; from != nil && to != nil {
		for _, k := range from.keys {
			if k.column != "" && slices.Contains(to.tables, k.table) && (join == "" || hasName(join, k.column)) && !slices.Contains(out, k.column) {
				out = append(out, k.column)
			}
		}
	}
	if len(out) == 0 && r.ForeignKeyHere {
		return []string{called}
	}
	return out
}

// refersTo reports whether a class body has a foreign key to the table of another class.
func (b *builder) refersTo(c, target *pymodule.Class) bool {
	tables := b.tableNames(target)
	return slices.ContainsFunc(b.foreignKeys(c), func(k foreignKey) bool { return slices.Contains(tables, k.table) })
}

// tableNames are what the table of a class may be called, in lower case: as the class or one of its bases says, else by the
// name of the class.
func (b *builder) tableNames(c *pymodule.Class) []string {
	var out []string
	for base := range b.g.Lineage(c) {
		if v := base.Field("__tablename__"); v != nil {
			if s, ok := b.constant(classPlace(base), v.Value); ok {
				out = append(out, strings.ToLower(s))
			}
		}
	}
	if found, ok := b.tableMapped(c); ok {
		if name, ok := b.tableName(found); ok {
			out = append(out, name)
		}
	}
	if len(out) == 0 {
		out = []string{strings.ToLower(c.Name), snake(c.Name)}
	}
	return out
}

// foreignKeys are those in a class body.
func (b *builder) foreignKeys(c *pymodule.Class) []foreignKey {
	if out, ok := b.keys[c]; ok {
		return out
	}
	var out []foreignKey
	t := c.Module.Tree
	at := classPlace(c)
	add := func(n, referred pysyntax.Node) {
		table, column := b.tableOf(at, referred)
		out = append(out, foreignKey{columnAt(t, n), table, column})
	}
	for n := range t.Within(t.Child(c.Node, pysyntax.FieldBody)) {
		switch t.Kind(n) {
		case pysyntax.KeywordArgument: // SQLModel: Field(foreign_key="team.id")
			if t.Text(t.Child(n, pysyntax.FieldName)) == "foreign_key" {
				add(n, t.Child(n, pysyntax.FieldValue))
			}
		case pysyntax.Call:
			switch lastName(t, t.Child(n, pysyntax.FieldFunction)) {
			case "ForeignKey":
				add(n, readCall(at, n).arg(0, "column"))
			case "ForeignKeyConstraint":
				call := readCall(at, n)
				columns := slices.Collect(t.Children(call.arg(0, "columns")))
				referred := slices.Collect(t.Children(call.arg(1, "refcolumns")))
				for i, r := range referred {
					k := foreignKey{}
					k.table, k.referred = b.tableOf(at, r)
					if i < len(columns) {
						k.column = pymodule.StringValue(t, columns[i])
					}
					out = append(out, k)
				}
			}
		}
	}
	if found, ok := b.tableMapped(c); ok && !(found.at.m == c.Module && t.Contains(c.Node, found.call)) {
		out = append(out, b.keysOf(found)...)
	}
	b.keys[c] = out
	return out
}

// columnAt is the attribute that a node in a class body makes: customer_id in customer_id = Column(ForeignKey("customers.id")).
func columnAt(t *pysyntax.Tree, n pysyntax.Node) string {
	assigned := t.Enclosing(n, pysyntax.Assignment, pysyntax.FunctionDefinition, pysyntax.ClassDefinition)
	switch t.Kind(assigned) {
	case pysyntax.Assignment:
		if left := t.Child(assigned, pysyntax.FieldLeft); t.Kind(left) == pysyntax.Identifier {
			return t.Text(left)
		}
	case pysyntax.FunctionDefinition: // @declared_attr
		return t.Text(t.Child(assigned, pysyntax.FieldName))
	}
	return ""
}

// tableOf is the table of "schema.table.column", or of Class.column, in lower case, and the column; "" for any other expression.
func (b *builder) tableOf(at place, n pysyntax.Node) (table, column string) {
	t := at.m.Tree
	text, ok := b.constant(at, n)
	if !ok && t.Kind(n) == pysyntax.String { // an f-string: the last two parts are usually literal
		text, ok = strings.Trim(t.Text(n), `frbFRB"'`), true
	}
	if ok {
		parts := strings.Split(text, ".")
		if len(parts) >= 2 {
			return strings.ToLower(parts[len(parts)-2]), parts[len(parts)-1]
		}
		return "", ""
	}
	if t.Kind(n) == pysyntax.Attribute {
		holder := t.Child(n, pysyntax.FieldObject)
		column = t.Text(t.Child(n, pysyntax.FieldAttribute))
		if t.Kind(holder) == pysyntax.Attribute && t.Text(t.Child(holder, pysyntax.FieldAttribute)) == "c" { // orders.c.id
			if found, ok := b.tableAt(at, t.Child(holder, pysyntax.FieldObject)); ok {
				name, _ := b.tableName(found)
				return name, column
			}
		}
		if s := b.node(at, holder); s.Kind == pymodule.ClassSymbol {
			if v := s.Class.Field("__tablename__"); v != nil {
				if name, ok := b.constant(classPlace(s.Class), v.Value); ok {
					return strings.ToLower(name), column
				}
			}
			return strings.ToLower(s.Class.Name), column
		}
	}
	return "", ""
}

// snake is the table name that Flask-SQLAlchemy and Advanced Alchemy give a class: OrderItem -> order_item.
func snake(name string) string {
	var out strings.Builder
	for i, r := range name {
		if r >= 'A' && r <= 'Z' {
			if i > 0 && name[i-1] >= 'a' && name[i-1] <= 'z' {
				out.WriteByte('_')
			}
			r += 'a' - 'A'
		}
		out.WriteRune(r)
	}
	return out.String()
}
