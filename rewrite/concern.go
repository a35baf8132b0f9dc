package rewrite

import "bytes"

// Sweeps mostly meet programs that have nothing to do with SQLAlchemy, and many that have no relationships: what would cost
// most is not begun there.

// concerned reports whether some file names SQLAlchemy or a library on it, whose names all have one of these words in them.
// Without, no file is parsed, and what does not parse is nobody's concern.
func (p *program) concerned() bool {
	for _, f := range p.files {
		if concerns(f.Text) {
			return true
		}
	}
	return false
}

func concerns(text []byte) bool { return mentions(text, "sqlalchemy", "sqlmodel", "advanced_alchemy") }

// followed reports whether following objects may find anything: relationships that are read, or columns that are read after
// the session expired them, by a rollback, or by a flush where the database computes them, or of objects queried as their base.
func (p *program) followed() bool {
	if len(p.index.Relationships) > 0 {
		return true
	}
	for _, f := range p.files {
		if mentions(f.Text, "rollback", "begin_nested", "onupdate", "polymorphic_on", "column_property", "Computed(", "deferred", "load_only") {
			return true
		}
	}
	return false
}

func mentions(text []byte, words ...string) bool {
	for _, w := range words {
		if bytes.Contains(text, []byte(w)) {
			return true
		}
	}
	return false
}
