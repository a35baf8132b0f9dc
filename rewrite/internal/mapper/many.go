package mapper

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// many decides to-one or to-many as SQLAlchemy does: a scalar annotation, then uselist=, then an annotated collection;
// without any of these the direction, which the foreign keys tell.
func (b *builder) many(r *Relationship, c call, a annotation) bool {
	t := c.at.m.Tree
	if a.known && !a.many {
		return false
	}
	switch t.Kind(c.keyword("uselist")) {
	case pysyntax.True:
		return true
	case pysyntax.False:
		return false
	}
	if a.known {
		return a.many
	}
	return b.direction(r, c) != manyToOne
}

type direction uint8

const (
	oneToMany direction = iota
	manyToOne
	manyToMany
)

// direction guesses from the columns of the two classes; what cannot be seen (a primaryjoin) is not looked at.
func (b *builder) direction(r *Relationship, c call) direction {
	t := c.at.m.Tree
	if s := c.arg(1, "secondary"); s != pysyntax.Nil && t.Kind(s) != pysyntax.None {
		return manyToMany
	}
	if r.Target == r.Owner && r.Target != nil {
		if _, ok := c.keywords["remote_side"]; ok {
			return manyToOne
		}
		return oneToMany
	}
	if fk := c.keyword("foreign_keys"); fk != pysyntax.Nil {
		if own, ok := b.ownColumns(r, c, fk); ok {
			if own {
				return manyToOne
			}
			return oneToMany
		}
	}
	// The columns of a mixin's relationship may stand in the class that uses it: any one will do.
	for _, c := range append([]*pymodule.Class{r.Owner}, b.users[r.Owner]...) {
		for _, base := range b.order(c) {
			if base.Field(r.Name+"_id") != nil || r.Target != nil && b.refersTo(base, r.Target) {
				return manyToOne
			}
		}
	}
	return oneToMany
}

// ownColumns reports whether foreign_keys= names columns of the owner.
func (b *builder) ownColumns(r *Relationship, c call, n pysyntax.Node) (own, ok bool) {
	t := c.at.m.Tree
	if t.Is(n, pysyntax.List, pysyntax.Tuple, pysyntax.ParenthesizedExpression) {
		n = t.First(n)
	}
	if t.Kind(n) == pysyntax.Lambda {
		return b.ownColumns(r, c, t.Child(n, pysyntax.FieldBody))
	}
	name, ok := pymodule.DottedName(t, n)
	if s, isText := b.constant(c.at, n); isText && t.Is(n, pysyntax.String, pysyntax.ConcatenatedString) {
		name, ok = strings.Trim(s, "[] "), true
	}
	if !ok || name == "" {
		return false, false
	}
	first, rest, more := strings.Cut(name, ".")
	if !more {
		return true, true // a column in the same class body
	}
	if first == "cls" || first == r.Owner.Name || strings.HasPrefix(rest, r.Owner.Name+".") {
		return true, true
	}
	return false, true
}

// refersTo reports whether a class body has a foreign key to the table of another class.
func (b *builder) refersTo(c, target *pymodule.Class) bool {
	tables := map[string]bool{}
	for _, base := range b.g.MRO(target) {
		if base.Class == nil {
			continue
		}
		if v := base.Class.Field("__tablename__"); v != nil {
			if s, ok := b.constant(classPlace(base.Class), v.Value); ok {
				tables[strings.ToLower(s)] = true
			}
		}
	}
	if len(tables) == 0 {
		tables[strings.ToLower(target.Name)] = true
		tables[snake(target.Name)] = true
	}
	for _, table := range b.foreignKeys(c) {
		if tables[table] {
			return true
		}
	}
	return false
}

// foreignKeys are the tables that the foreign keys in a class body name, in lower case.
func (b *builder) foreignKeys(c *pymodule.Class) []string {
	if out, ok := b.tables[c]; ok {
		return out
	}
	var out []string
	t := c.Module.Tree
	at := classPlace(c)
	body := t.Child(c.Node, pysyntax.FieldBody)
	for n := range t.Within(body) {
		switch t.Kind(n) {
		case pysyntax.KeywordArgument: // SQLModel: Field(foreign_key="team.id")
			if t.Text(t.Child(n, pysyntax.FieldName)) == "foreign_key" {
				out = b.tableOf(out, at, t.Child(n, pysyntax.FieldValue))
			}
		case pysyntax.Call:
			switch lastName(t, t.Child(n, pysyntax.FieldFunction)) {
			case "ForeignKey":
				out = b.tableOf(out, at, readCall(at, n).arg(0, "column"))
			case "ForeignKeyConstraint":
				if refs := readCall(at, n).arg(1, "refcolumns"); refs != pysyntax.Nil {
					out = b.tableOf(out, at, t.First(refs))
				}
			}
		}
	}
	b.tables[c] = out
	return out
}

// tableOf adds the table of "schema.table.column", or of Class.column.
func (b *builder) tableOf(out []string, at place, n pysyntax.Node) []string {
	t := at.m.Tree
	text, ok := b.constant(at, n)
	if !ok && t.Kind(n) == pysyntax.String { // an f-string: the last two parts are usually literal
		text, ok = strings.Trim(t.Text(n), `frbFRB"'`), true
	}
	if ok {
		parts := strings.Split(text, ".")
		if len(parts) >= 2 {
			out = append(out, strings.ToLower(parts[len(parts)-2]))
		}
		return out
	}
	if t.Kind(n) == pysyntax.Attribute {
		if s := b.node(at, t.Child(n, pysyntax.FieldObject)); s.Kind == pymodule.ClassSymbol {
			if v := s.Class.Field("__tablename__"); v != nil {
				if name, ok := b.constant(classPlace(s.Class), v.Value); ok {
					return append(out, strings.ToLower(name))
				}
			}
			return append(out, strings.ToLower(s.Class.Name))
		}
	}
	return out
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
