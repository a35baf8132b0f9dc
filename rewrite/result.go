package rewrite

import (
	"context"

	"github.com/lazyfix/lazyfix/edits"
)

// Options are the settings of one run.
type Options struct {
	Paths        []string // files and folders, as the user gave them; none means "."
	Exclude      []string // globs, as in .gitignore, of what not to read
	ForceExclude bool     // Exclude holds for paths that were named too
	NoIgnore     bool     // read what .gitignore and .ignore leave out

	// Tracked gives the files of a repository, a folder, that git has though .gitignore names them, slash-separated and
	// relative to it: they are read. Without it, they are left out.
	Tracked func(ctx context.Context, repository string) []string

	Stdin     []byte // the content of the path "-"
	StdinName string // and the name that it is to be known by

	// Open is the text of files that an editor has open, by their absolute paths without symbolic links: it is taken in
	// place of what is on disk. It adds no files.
	Open map[string][]byte

	Select []string // rules to run; none means all
	Ignore []string // rules not to run
	Unsafe bool     // also make the edits that can change meaning
	Lazy   string   // "raise_on_sql" (also when empty), "raise" or "noload"

	Eager string // "keep" (also when empty) leaves relationships that models load by themselves; "move" takes them to the queries
	ToOne string // the loader of to-one steps: "selectinload" (also when empty) or "joinedload", where that is safe

	// Evidence is what runs of the program recorded, nil for nothing. Its reads join those that are derived.
	Evidence *Evidence

	// Reads asks for Result.Reads.
	Reads bool

	// Cache is a folder that keeps results for later runs on the same files, "" for none. The result does not depend on it.
	Cache string

	Jobs int // workers; 0 means one a core. The result does not depend on it.

	// Progress is told how far the run is, for each file, by several goroutines at once and in no order: it must be quick.
	Progress func(Progress)
}

// Place is a point in a file.
type Place struct {
	File   string // slash-separated path as shown to the user
	Line   int    // 1-based
	Column int    // 1-based, in bytes
}

// Step is one step of the way from a read to its query, for people.
type Step struct {
	Place
	Text  string // "reads Order.customer", "passed to describe()", "returned by OrderRepository.get"
	Scope string // qualified name of the function around Place, "" where there is none
}

// Finding is one thing that a rule has to say.
type Finding struct {
	Rule       string
	Place      // where the edit goes, or the read when nothing can be edited
	Message    string
	Advice     string   // what a person could do, where lazyfix does nothing
	Why        []Step   // from the read to the query; the read first
	More       [][]Step // the other ways of which there is the same to say, which Message counts; the shortest is Why
	Scope      string   // qualified name of the function or class around Place, "" at module level
	LoaderPath string   // the one that it is about, "Order.items.product"; "" where it is about none
	Fixable    bool     // an edit for it is among Result.Changes
	Unsafe     bool     // it is fixable with Options.Unsafe only
	Recorded   bool     // a run recorded what it is about, and it is not derived: see Options.Evidence
	// Program is why nothing is done about this and others, where that is so for all of the program: who reads a report need be told once.
	Program string

	query Place // of an undecided read, until those are joined that say the same: see join
}

// Problem is a file or folder that could not be read, parsed or edited.
type Problem struct {
	Path   string
	Line   int // 0 when the whole file is meant
	Reason string
	// Warning is a thing to know that does not fail the run (exit 2): a file that was not UTF-8 but said so, for example.
	Warning bool
	// Unseen: it is code that Python may run, and of which nothing is known.
	Unseen bool
}

// Stats count what a run saw.
type Stats struct {
	Files, Lines, Parsed, Classes, Relationships, Factories, Queries, Functions int
	Eager                                                                       int // relationships that models load by themselves
}

// Result is what a run found. All lists are sorted by path, then offset, and do not depend on Options.Jobs.
type Result struct {
	Root     string // the folder that names in the patch are relative to: the repository's root, else the working folder
	Findings []Finding
	Fixes    []Fix // in the order of their first findings; all are made in Changes
	Changes  []edits.Change
	Problems []Problem
	Stats    Stats

	Relationships []Relationship
	Reads         []Read      // with Options.Reads: those that lead to queries, reported or not
	Names         []string    // of the files that were read, sorted
	Evidence      []Evidenced // with Options.Evidence: what was recorded beside what is derived

	program *program  // nil when it came from the cache: see whole
	options Options   // then
	actions []*action // of Fixes
	loaded  []Problem // those before anything was planned
}
