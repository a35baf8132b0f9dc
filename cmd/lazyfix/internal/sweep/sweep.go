package sweep

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/lazyfix/lazyfix/cmd/lazyfix/internal/askgit"
)

// Options are those of a sweep.
type Options struct {
	Repos    []Repo
	Out      string        // folder; made where it is not
	Jobs     int           // runs at once
	Timeout  time.Duration // of one run
	Again    bool          // run what is done already, too
	Settings string        // what a run depends on beside the repository
	// Command is a run on a repository, to be started in its folder: it prints the JSON report, and writes the patch to the
	// file.
	Command func(ctx context.Context, patch string) *exec.Cmd
	// Progress hears of each repository as it is done; n are done of the whole. Skipped says that it was before.
	Progress func(l Line, n int, skipped bool)
}

// Run runs all, and returns a line for each, sorted by name. An error means that the output cannot be written, or that
// ctx ended; what a run does wrong is in its line.
func Run(ctx context.Context, o Options) ([]Line, error) {
	if err := os.MkdirAll(o.Out, 0o755); err != nil {
		return nil, err
	}
	before := readLinesOf(o.Out)
	now := map[string]Line{}
	var lock sync.Mutex
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(max(o.Jobs, 1))
	for _, repo := range o.Repos {
		group.Go(func() error {
			revision := revisionOf(gctx, repo.Path)
			l, known := before[repo.Path]
			skip := known && !o.Again && l.done(repo, revision, o.Settings) && o.has(repo)
			if !skip {
				l = o.one(gctx, repo)
				l.Revision = revision
			}
			if err := gctx.Err(); err != nil {
				return err // it was killed, not done
			}
			lock.Lock()
			defer lock.Unlock()
			now[repo.Path] = l
			if o.Progress != nil {
				o.Progress(l, len(now), skip)
			}
			if skip {
				return nil
			}
			return appendLine(o.Out, l)
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	lines := sorted(now)
	for path, l := range before {
		if _, ok := now[path]; !ok {
			now[path] = l
		}
	}
	return lines, writeLines(o.Out, now)
}

func (o Options) file(r Repo, ending string) string { return filepath.Join(o.Out, r.Name+ending) }

// has: the files of an earlier run are still there.
func (o Options) has(r Repo) bool {
	return !slices.ContainsFunc([]string{".patch", ".json"}, func(ending string) bool {
		_, err := os.Stat(o.file(r, ending))
		return err != nil
	})
}

// one is a run on one repository. Its files take their names at its end, so those that are there are whole.
func (o Options) one(ctx context.Context, r Repo) Line {
	l := Line{Repository: r.Path, Name: r.Name, Settings: o.Settings}
	started := time.Now()
	for _, ending := range []string{".patch", ".json", ".stderr"} {
		_ = os.Remove(o.file(r, ending)) // of an earlier run
	}
	said, err := o.run(ctx, r, &l)
	l.Seconds = float64(time.Since(started).Milliseconds()) / 1000
	if err == nil {
		return l
	}
	l.Failed = err.Error()
	if len(said) > 0 {
		if err := os.WriteFile(o.file(r, ".stderr"), said, 0o644); err != nil {
			l.Failed += "; " + err.Error()
		}
	}
	return l
}

func (o Options) run(ctx context.Context, r Repo, l *Line) (said []byte, err error) {
	info, err := os.Stat(r.Path)
	if err != nil || !info.IsDir() {
		return nil, errors.New("there is no such folder")
	}
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	patch, err := filepath.Abs(o.file(r, ".patch.tmp"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(patch) }()
	var stdout, stderr bytes.Buffer
	cmd := o.Command(ctx, patch)
	cmd.Dir, cmd.Stdout, cmd.Stderr = r.Path, &stdout, &stderr
	cmd.WaitDelay = 5 * time.Second // for what it started itself
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return stderr.Bytes(), fmt.Errorf("stopped after %v", o.Timeout)
	case err != nil && !errors.As(err, &exit):
		return stderr.Bytes(), err
	case exit != nil && !exit.Exited():
		return stderr.Bytes(), fmt.Errorf("crashed: %v", exit)
	}
	text, readErr := os.ReadFile(patch)
	if readErr == nil {
		readErr = l.fill(stdout.Bytes(), text)
	}
	if readErr != nil { // a panic, or what it could not begin with
		return stderr.Bytes(), fmt.Errorf("%w: %s", cmp.Or(err, readErr), reason(stderr.String()))
	}
	if err := os.WriteFile(o.file(r, ".json"), stdout.Bytes(), 0o644); err != nil {
		return nil, err
	}
	return nil, os.Rename(patch, o.file(r, ".patch"))
}

// reason is the line of standard error that says most: of a panic its first, else the last before the pointer to --help.
func reason(said string) string {
	best := "it said nothing"
	for line := range strings.Lines(said) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "panic:") || strings.HasPrefix(line, "fatal error:") {
			return line
		}
		if line != "" && !strings.Contains(line, "--help lists what there is") {
			best = line
		}
	}
	return best
}

// revisionOf asks git; "" where it does not know.
func revisionOf(ctx context.Context, dir string) string {
	repository, err := askgit.Open(ctx, dir)
	if err != nil {
		return ""
	}
	out, err := repository.Output(ctx, "rev-parse", "--verify", "--quiet", "HEAD")
	if err != nil {
		return ""
	}
	head := strings.TrimSpace(string(out))
	if changes, err := repository.Output(ctx, "status", "--porcelain", "--ignore-submodules=dirty", "--", "."); err != nil || len(changes) > 0 {
		return head + "+"
	}
	return head
}
