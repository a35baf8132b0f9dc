// Package askgit asks git about repositories that nobody looked at first.
//
// In: the folder of a repository and the arguments of git. Out: what it prints. Git runs programs that a repository's own
// configuration names, even to answer `git status`: a file system monitor, filters that clean a file before it is compared,
// whatever fetches a missing object. None of them is run here; those of the user's and the system's configuration are.
//
// Not used: git's own check of who owns a repository, which says nothing of one that was unpacked from an archive; and
// `git hash-object` or a comparison of our own, which need the filters or, without them, take each line end that git
// converts for a change.
package askgit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// Repository is a folder in which git may be asked.
type Repository struct {
	dir   string
	quiet []string // arguments that turn off what the repository would run
}

// Open looks up what has to be turned off. Without git, or outside a repository, it is an error.
func Open(ctx context.Context, dir string) (*Repository, error) {
	r := &Repository{dir: dir, quiet: []string{
		"-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + os.DevNull, "-c", "protocol.allow=never",
	}}
	out, err := r.Output(ctx, "config", "-z", "--show-scope", "--name-only", "--get-regexp", `^filter\.`)
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 1 {
		return r, nil // there are none
	}
	if err != nil {
		return nil, err
	}
	fields := strings.Split(string(out), "\x00")
	for i := 0; i+1 < len(fields); i += 2 {
		scope, name := fields[i], fields[i+1]
		if scope == "system" || scope == "global" || scope == "command" {
			continue
		}
		driver := name[:strings.LastIndexByte(name, '.')]
		r.quiet = append(r.quiet, "-c", driver+".clean=", "-c", driver+".process=", "-c", driver+".required=false")
	}
	return r, nil
}

// Output is what git prints. The error has what it says on standard error.
func (r *Repository) Output(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", append(append([]string{"--literal-pathspecs", "--no-optional-locks", "-C", r.dir}, r.quiet...), args...)...)
	cmd.Env = append(os.Environ(), "GIT_NO_LAZY_FETCH=1")
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(exit.Stderr) > 0 {
		err = fmt.Errorf("%s: %w", strings.TrimSpace(string(exit.Stderr)), err)
	}
	return out, err
}
