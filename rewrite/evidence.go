package rewrite

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// evidenceVersion is the version of the recorder's format: see docs/design.md.
const evidenceVersion = 1

// maxRecord bounds a line of the file, in bytes; a record of the longest way has some thousand.
const maxRecord = 1 << 20

// Evidence is what runs of the program recorded: lazy loads that happened or failed.
type Evidence struct{ records []record }

// record is a line of the file: one way of one lazy load.
type record struct {
	Kind      string   `json:"kind"` // "loaded", "failed" or "raised"
	Class     string   `json:"class"`
	Attribute string   `json:"attribute"`
	Path      []string `json:"path"` // "Order.items"
	Root      struct {
		Name string `json:"name"` // qualified
		File string `json:"file"`
	} `json:"root"`
	Statement string          `json:"statement"`
	Query     []recordedPlace `json:"query"` // innermost first
	Read      []recordedPlace `json:"read"`

	line string // of the file
}

// recordedPlace is a line of user code as it was when it ran.
type recordedPlace struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Function string `json:"function"` // qualified as Python does it: "A.f.<locals>.<listcomp>"
	Code     string `json:"code"`
}

// Read adds what a recorder has written to what there is; name is for messages.
func (e *Evidence) Read(name string, in io.Reader) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxRecord)
	number := 0
	for lines.Scan() {
		number++
		var parsed struct {
			Lazyfix string `json:"lazyfix"`
			Version int    `json:"version"`
			record
		}
		err := json.Unmarshal(lines.Bytes(), &parsed)
		header := err == nil && parsed.Lazyfix == "evidence"
		switch {
		case number == 1 && !header:
			return fmt.Errorf("%s: is no record of lazy loads: pytest --lazyfix-record=FILE writes one", name)
		case err != nil:
			return fmt.Errorf("%s:%d: is no record of a lazy load: %w; a recording that was cut off must be made again", name, number, err)
		case header && parsed.Version != evidenceVersion:
			return fmt.Errorf("%s: has version %d, and this lazyfix reads %d: record with the lazyfix of the same release", name, parsed.Version, evidenceVersion)
		case header:
		case len(parsed.Path) == 0 || parsed.Attribute == "" || !slices.Contains([]string{"loaded", "failed", "raised"}, parsed.Kind):
			return fmt.Errorf("%s:%d: is no record of a lazy load: it has no kind, attribute or path", name, number)
		default:
			parsed.line = lines.Text()
			e.records = append(e.records, parsed.record)
		}
	}
	err := lines.Err()
	if errors.Is(err, bufio.ErrTooLong) {
		err = fmt.Errorf("line %d is longer than %d bytes", number+1, maxRecord)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if number == 0 {
		return fmt.Errorf("%s: is empty: pytest --lazyfix-record=FILE writes at least its first line", name)
	}
	// Tests may run in any order, and several processes write at once.
	slices.SortFunc(e.records, func(a, b record) int { return strings.Compare(a.line, b.line) })
	e.records = slices.CompactFunc(e.records, func(a, b record) bool { return a.line == b.line })
	return nil
}

// Evidenced is how one loader path of a query stands in what was derived and what was recorded.
type Evidenced struct {
	Status     EvidenceStatus
	Place               // of the query; of the read where no query is known, or of what is stale
	LoaderPath string   // "Order.items.product"
	Kinds      []string // of the records: "loaded", "failed", "raised", sorted; none where nothing was recorded
	Why        []Step   // from a read to the query
	Reason     string   // why not, or what is stale; "" mostly
}

// EvidenceStatus says who knows of a loader path.
type EvidenceStatus string

// The statuses, in the order of a report.
const (
	RecordedOnly EvidenceStatus = "recorded"  // a gap of what lazyfix derives
	NoQuery      EvidenceStatus = "undecided" // recorded, and no query of the program is known for it
	BothKnow     EvidenceStatus = "both"      // derived and recorded
	DerivedOnly  EvidenceStatus = "derived"   // the run never came by
	LoadedNow    EvidenceStatus = "loaded"    // recorded, though its query loads it
	OnlyTests    EvidenceStatus = "tests"     // recorded, of code of tests alone
	Stale        EvidenceStatus = "stale"     // recorded of code that has changed since
	Elsewhere    EvidenceStatus = "elsewhere" // recorded of files, or models, that are not read
)

// EvidenceStatuses are all, in the order of a report.
var EvidenceStatuses = [...]EvidenceStatus{RecordedOnly, NoQuery, BothKnow, DerivedOnly, LoadedNow, OnlyTests, Stale, Elsewhere}
