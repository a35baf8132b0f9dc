package rewrite

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"runtime/debug"
	"slices"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/cache"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
	"github.com/lazyfix/lazyfix/rewrite/internal/source"
)

// stored is a Result as it is kept on disk. The content of the files is not: the key holds for the same content only.
type stored struct {
	Root          string
	Findings      []Finding
	Fixes         []Fix
	Edits         []storedEdits
	Problems      []Problem
	Stats         Stats
	Relationships []Relationship
	Reads         []Read
	Names         []string
	Evidence      []Evidenced
}

type storedEdits struct {
	Path  string
	Edits []edits.Edit
}

// CleanCache removes what earlier runs kept in a folder, and says how many results that were.
func CleanCache(dir string) (int, error) { return cache.Clean(dir) }

// keyed are the options that a result depends on, and not by the files. Its values are all that counts: no address of
// anything, as that is another one at each start of a position-independent program.
type keyed struct {
	Paths, Exclude, Select, Ignore                     []string
	ForceExclude, NoIgnore, Unsafe, Reads, HasEvidence bool
	StdinName, Lazy, Eager, ToOne                      string
	Stdin                                              [sha256.Size]byte
	Evidence                                           []record
}

func (o Options) keyed() keyed {
	k := keyed{
		Paths: o.Paths, Exclude: o.Exclude, Select: o.Select, Ignore: o.Ignore,
		ForceExclude: o.ForceExclude, NoIgnore: o.NoIgnore, Unsafe: o.Unsafe, Reads: o.Reads,
		StdinName: o.StdinName, Lazy: o.Lazy, Eager: o.Eager, ToOne: o.ToOne,
		Stdin: sha256.Sum256(o.Stdin), HasEvidence: o.Evidence != nil,
	}
	if o.Evidence != nil {
		k.Evidence = o.Evidence.records
	}
	return k
}

// cacheKey is the hash of all that a result depends on: this very program, the settings, where it runs, the names and
// bytes of all files and templates, what was to be said of reading them, and the line lengths of their folders. A rule
// that looks at anything else must be heard of here.
func (p *program) cacheKey() cache.Key {
	h := sha256.New()
	here, err := os.Getwd()
	for _, v := range []any{storedForm, toolID(), here, err != nil, p.options.keyed(), p.root, p.part, p.problems} {
		text := fmt.Sprintf("%#v", v)
		fmt.Fprintf(h, "%d:%s", len(text), text)
	}
	for _, f := range slices.Concat(p.files, p.templates) {
		sum := sha256.Sum256(f.Content)
		set := p.styles.lookup(filepath.Dir(filepath.Join(p.root, filepath.FromSlash(f.Name))))
		fmt.Fprintf(h, "%q %q %q %v %v %q %x %d %v %+v\n", f.Path, f.Real, f.Name, f.Mode, f.Editable, f.WhyNot, sum, set.width, set.ruff, set.imports)
	}
	return cache.Key(h.Sum(nil))
}

// storedForm names the form of what is stored.
const storedForm = "lazyfix result 3"

// toolID tells one build from another, also of two that were built from a changed clone.
func toolID() string {
	var id string
	if info, ok := debug.ReadBuildInfo(); ok {
		id = info.String()
	}
	if name, err := os.Executable(); err == nil {
		if stat, err := os.Stat(name); err == nil {
			id += fmt.Sprint(name, stat.Size(), stat.ModTime().UnixNano())
		}
	}
	return id
}

// fromCache is the result of an earlier run on the same files, nil when there is none.
func (p *program) fromCache(key cache.Key) *Result {
	data, ok := cache.Load(p.options.Cache, key)
	if !ok {
		return nil
	}
	var s stored
	d := gob.NewDecoder(bytes.NewReader(data))
	if d.Decode(&s) != nil || !errors.Is(d.Decode(new(stored)), io.EOF) {
		return nil
	}
	r := &Result{
		Root: s.Root, Findings: s.Findings, Fixes: s.Fixes, Problems: s.Problems, Stats: s.Stats,
		Relationships: s.Relationships, Reads: s.Reads, Names: s.Names, Evidence: s.Evidence, options: p.options,
	}
	for _, e := range s.Edits {
		i := slices.IndexFunc(p.files, func(f source.File) bool { return f.Path == e.Path })
		if i < 0 {
			return nil
		}
		f := &p.files[i]
		changed, err := edits.Apply(f.Content, e.Edits)
		if err != nil {
			return nil
		}
		r.Changes = append(r.Changes, edits.Change{Baseline: baseline(f), Edits: e.Edits, New: changed})
	}
	return r
}

// toCache keeps a result for later runs.
func (p *program) toCache(key cache.Key, r *Result) {
	s := stored{
		Root: r.Root, Findings: r.Findings, Fixes: r.Fixes, Problems: r.Problems, Stats: r.Stats,
		Relationships: r.Relationships, Reads: r.Reads, Names: r.Names, Evidence: r.Evidence,
	}
	for _, problem := range r.Problems {
		if problem.Reason == pysyntax.ErrTooSlow.Error() {
			return // it may be faster next time
		}
	}
	for _, c := range r.Changes {
		s.Edits = append(s.Edits, storedEdits{c.Path, c.Edits})
	}
	var data bytes.Buffer
	if gob.NewEncoder(&data).Encode(s) == nil {
		cache.Store(p.options.Cache, key, data.Bytes())
	}
}

// whole makes a result that came from disk one that fixes can be chosen from, by another run.
func (r *Result) whole(ctx context.Context) error {
	if r.program != nil {
		return nil
	}
	o := r.options
	o.Cache = ""
	again, err := Run(ctx, o)
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(again.Findings, r.Findings) || !reflect.DeepEqual(again.Fixes, r.Fixes) {
		return errors.New("the files changed while lazyfix was at work; run it again")
	}
	*r = *again
	return nil
}
