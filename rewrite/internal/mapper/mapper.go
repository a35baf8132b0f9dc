// Package mapper sees what SQLAlchemy sees: mapped classes, relationships, loader strategies and session factories.
//
// In: a *pymodule.Graph. Out: an immutable *Index, safe for any number of goroutines. Everything is decided from syntax
// and resolved names; where a value cannot be known (a lazy= from a function, a target that is not in the tree) it says so
// and guesses nothing.
package mapper

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Class is what is known of a class that SQLAlchemy maps, or that mapped classes inherit from.
type Class struct {
	// Mapped: it can be queried. False for abstract bases and mixins.
	Mapped bool
}

// Strategy is a loader strategy: the effective value of lazy=.
type Strategy string

// The values that relationship(lazy=...) takes in SQLAlchemy 2.x ("Relationship API" of its documentation). Unknown is a value
// that is not a constant.
const (
	Select     Strategy = "select" // also when lazy= is missing, and True
	Joined     Strategy = "joined" // also False
	Selectin   Strategy = "selectin"
	Subquery   Strategy = "subquery"
	Immediate  Strategy = "immediate"
	Raise      Strategy = "raise"
	RaiseOnSQL Strategy = "raise_on_sql"
	Noload     Strategy = "noload" // also None
	Dynamic    Strategy = "dynamic"
	WriteOnly  Strategy = "write_only"
	Unknown    Strategy = "unknown"
)

// Eager reports whether the model itself loads the relationship with its object.
func (s Strategy) Eager() bool {
	return s == Joined || s == Selectin || s == Subquery || s == Immediate
}

// Held reports whether an object holds what the relationship leads to once that is loaded: write_only and dynamic ones ask
// the database each time.
func (s Strategy) Held() bool { return s != WriteOnly && s != Dynamic }

// Form is how a relationship is spelled, which decides where lazy= goes.
type Form uint8

// The forms.
const (
	FormCall     Form = iota // relationship(...): lazy= is a keyword of Call
	FormSQLModel             // Relationship(...): lazy goes into sa_relationship_kwargs of Call
	FormBackref              // the other side of backref="x" or backref("x", ...): Call is the relationship that names it
	FormColumn               // no relationship at all, but a column of a subclass, as the flow has it: see loadflow/subclass_column.go
	FormDeferred             // likewise a column that its mapping defers: see loadflow/left_out.go
	FormLeftOut              // likewise a column that some load_only() or defer() leaves out
)

// IsColumn reports whether it is no relationship but a column, as the flow has it.
func (r *Relationship) IsColumn() bool { return r.Form >= FormColumn }

// IsLeftOut reports whether it is a column that its own query may leave out.
func (r *Relationship) IsLeftOut() bool {
	return r != nil && (r.Form == FormDeferred || r.Form == FormLeftOut)
}

// Relationship is one relationship as it is spelled. One that stands on a mixin or an abstract base is one Relationship,
// however many classes inherit it.
type Relationship struct {
	Name     string
	Owner    *pymodule.Class // the class whose body spells it; for FormBackref the class that gets the attribute
	Module   *pymodule.Module
	Call     pysyntax.Node // the call that takes lazy=
	Form     Form
	Target   *pymodule.Class // nil when it was not found in the tree
	Many     bool            // a collection; for an unknown target what the annotation says
	Lazy     Strategy
	LazyNode pysyntax.Node // the value of lazy=, Nil when it is missing
	// Locked says why lazy must not be rewritten although Lazy is Select ("" when it may be): `**options` that may hold lazy,
	// a WriteOnlyMapped annotation, sa_relationship= that cannot be seen, ...
	Locked string
	// Back is the value of backref= in Call when it is this side that comes of it, else Nil: a string, backref(...), or a
	// tuple of name and keywords.
	Back pysyntax.Node
	// Says holds what the other keywords of the relationship are: "cascade" is "all, delete-orphan", without the quotes of
	// a constant; anything else is source text. A relationship() given to a backref says it for its own side.
	Says map[string]string
	// ForeignKeyHere: the foreign key stands in the table of the owner (many-to-one), as far as that can be seen.
	ForeignKeyHere bool
	// Beyond: its joins name a third table, so that of the loaders only immediateload works.
	Beyond bool
}

// MayRing reports whether objects of one class may lead over the relationship to each other, and round: friends of friends. A
// selectinload() with recursion_depth=-1 never ends there (measured on 2.0 and 2.1). Nor does it where a row is its own parent; but
// a foreign key of the class to itself is a tree wherever people mean one, and stays.
func (r *Relationship) MayRing() bool { return r.Says["secondary"] != "" || r.Says["link_model"] != "" }

// Use says by which names of libraries a program works with sessions and engines, anywhere in the tree.
type Use struct {
	Sync  bool // Session, sessionmaker, scoped_session, create_engine; Flask-SQLAlchemy
	Async bool // anything of sqlalchemy.ext.asyncio; the async objects of Advanced Alchemy
}

// Factory is a place that makes async sessions.
type Factory struct {
	Module *pymodule.Module
	Call   pysyntax.Node // takes expire_on_commit=
	Kind   string        // "async_sessionmaker", "sessionmaker", "AsyncSession", "partial", "Singleton"
	// Expire is the value node of expire_on_commit=, Nil when missing.
	Expire pysyntax.Node
	// Locked says why it must not be edited ("" when it may be).
	Locked string
	// Options is the dictionary display that Call gets by `**name` and nothing else uses, so that the keyword may go there;
	// Nil when there is none.
	Options pysyntax.Node
}
