package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/creack/pty"
)

// ships is a program with four changes: a factory, two queries and a relationship that both of them load.
const ships = `from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Ship(Base):
    __tablename__ = "ships"
    id: Mapped[int] = mapped_column(primary_key=True)
    crew: Mapped[list["Sailor"]] = relationship()


class Sailor(Base):
    __tablename__ = "sailors"
    id: Mapped[int] = mapped_column(primary_key=True)
    ship_id: Mapped[int] = mapped_column(ForeignKey("ships.id"))


sessions = async_sessionmaker()


async def strength(session: AsyncSession, id: int) -> int:
    ship = await session.get(Ship, id)
    return len(ship.crew)


async def all(session: AsyncSession):
    return [len(s.crew) for s in await session.scalars(select(Ship))]
`

const prompt = "Make this change [y,n,a,q,e,?]?"

// terminal runs lazyfix review in a pseudo-terminal and gives it each answer when it asks. It returns what stood on the
// screen and the exit code.
func terminal(t *testing.T, env []string, args []string, answers ...string) (screen string, code int) {
	t.Helper()
	program, err := exec.LookPath("lazyfix") // this program: see TestMain
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, append([]string{"review"}, args...)...)
	cmd.Env = append(append(os.Environ(), "TERM=xterm-256color", "NO_COLOR=", "CI="), env...)
	tty, err := pty.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tty.Close() }()
	var all bytes.Buffer
	seen := 0
	buffer := make([]byte, 4096)
	for {
		n, err := tty.Read(buffer)
		all.Write(buffer[:n])
		if i := strings.Index(all.String()[seen:], prompt); i >= 0 && len(answers) > 0 {
			seen += i + len(prompt)
			if _, err := io.WriteString(tty, answers[0]); err != nil {
				t.Fatal(err)
			}
			answers = answers[1:]
		}
		if err != nil {
			break // the other side is closed: EIO on Linux
		}
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if len(answers) > 0 {
		t.Fatalf("never asked for %q:\n%s", answers, all.String())
	}
	return all.String(), cmd.ProcessState.ExitCode()
}

var escapes = regexp.MustCompile("\x1b\\[[0-9;]*m")

func plain(screen string) string {
	return strings.ReplaceAll(escapes.ReplaceAllString(screen, ""), "\r\n", "\n")
}

func has(t *testing.T, screen string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(screen, part) {
			t.Errorf("no %q in\n%s", part, screen)
		}
	}
}

func TestReviewInTerminal(t *testing.T) {
	folder(t, map[string]string{"ships.py": ships})
	git(t, "init", "-q")
	git(t, "add", ".")
	git(t, "commit", "-qm", "one")
	screen, code := terminal(t, nil, nil, "y\n", "?\n", "n\n", "Y\n", "n\n")
	if code != 1 {
		t.Errorf("exit code %d", code)
	}
	// The read, the way and the query with their source; then the hunk, in colour, what is new of a line emphasised.
	has(t, screen, "\x1b[1mChange 1 of 4\x1b[0m", "\x1b[31m-sessions = async_sessionmaker()", "\x1b[32m+sessions = async_sessionmaker(",
		"\x1b[7;32mexpire_on_commit=False\x1b[0m")
	text := plain(screen)
	has(t, text, "Change 2 of 4\nships.py:26:18 missing-eager-load loads Ship.crew\n  ships.py:27:16 reads Ship.crew\n       | return len(ship.crew)\n  <- ships.py:26:18 queried\n       | ship = await session.get(Ship, id)\ndiff --git",
		"y make it, n do not", "-    ship = await session.get(Ship, id)\n+    ship = await session.get(Ship, id, options=[selectinload(Ship.crew)])\n",
		"Change 4 of 4\nships.py:13:36 implicit-lazy", "careful: you left out what loads it at ships.py:26:18; what is read from there would raise\n",
		"2 changes made in 1 file; 2 findings remain. ")
	if strings.Count(text, "careful") != 1 || strings.Contains(text, "[--write]") {
		t.Errorf("%s", text)
	}
	got := content(t, "ships.py")
	has(t, got, "async_sessionmaker(expire_on_commit=False)", "session.get(Ship, id)\n", "select(Ship).options(selectinload(Ship.crew))", "= relationship()\n", "selectinload,\n")
}

func TestReviewOfAll(t *testing.T) {
	folder(t, map[string]string{"ships.py": ships, "again.py": ships})
	start := realRun(t, "--write", "again.py")
	if start.code != 0 {
		t.Fatal(start.errors)
	}
	screen, code := terminal(t, nil, []string{"ships.py"}, "a\n")
	has(t, plain(screen), "4 changes made in 1 file. ")
	if code != 0 || content(t, "ships.py") != content(t, "again.py") {
		t.Errorf("exit code %d, and not what --write gives:\n%s", code, content(t, "ships.py"))
	}
	screen, code = terminal(t, nil, []string{"ships.py"})
	has(t, plain(screen), "No changes to review. ")
	if code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func TestReviewStops(t *testing.T) {
	for _, test := range []struct {
		answers []string
		code    int
		said    string
		written bool
	}{
		{[]string{"y\n", "q\n"}, 1, "1 change made in 1 file; 3 findings remain", true},
		{[]string{"y\n", "\x04"}, 1, "1 change made in 1 file", true},                      // Ctrl-D
		{[]string{"y\n", "\x03"}, 130, "lazyfix: interrupted; nothing was written", false}, // Ctrl-C
		{[]string{"q\n"}, 1, "0 changes made in 0 files; 4 findings remain", false},
	} {
		folder(t, map[string]string{"ships.py": ships})
		screen, code := terminal(t, nil, nil, test.answers...)
		has(t, plain(screen), test.said)
		if written := strings.Contains(content(t, "ships.py"), "expire_on_commit"); code != test.code || written != test.written {
			t.Errorf("%q: exit code %d, written %v:\n%s", test.answers, code, written, plain(screen))
		}
	}
}

// TestReviewWithEditor: the change is made, the editor gets its file, and the review goes on with the rest, on what the
// file is by then.
func TestReviewWithEditor(t *testing.T) {
	folder(t, map[string]string{"ships.py": ships})
	// Ends at the first failing command, where the editor fails in what it is to find.
	editor := `f() { grep -q 'expire_on_commit=False' "$1" && sed -i '1i # edited' "$1"; }; f`
	screen, code := terminal(t, []string{"VISUAL=", "EDITOR=" + editor}, nil, "e\n", "n\n", "y\n", "y\n")
	has(t, plain(screen), "Change 1 of 4\n", "Change 1 of 3\n", "Change 3 of 3\n", "ships.py:27:18 missing-eager-load", "3 changes made in 1 file; 1 finding remains")
	got := content(t, "ships.py")
	has(t, got, "# edited\n", "expire_on_commit=False", `lazy="raise_on_sql"`)
	if code != 1 || strings.Count(got, "selectinload(") != 1 {
		t.Errorf("exit code %d\n%s", code, got)
	}
	// What the editor takes back is not asked for again.
	folder(t, map[string]string{"ships.py": ships})
	screen, code = terminal(t, []string{"VISUAL=sed -i s/expire_on_commit=False//"}, nil, "e\n", "q\n")
	has(t, plain(screen), "Change 1 of 4\n", "Change 1 of 3\n")
	if code != 1 || content(t, "ships.py") != ships {
		t.Errorf("exit code %d\n%s", code, content(t, "ships.py"))
	}
	folder(t, map[string]string{"ships.py": ships})
	screen, code = terminal(t, []string{"VISUAL=false"}, nil, "e\n")
	has(t, plain(screen), "lazyfix: false: exit status 1; the change is written")
	if code != 2 {
		t.Errorf("exit code %d", code)
	}
}

func TestReviewUsage(t *testing.T) {
	folder(t, map[string]string{"ships.py": ships})
	git(t, "init", "-q")
	git(t, "add", ".")
	git(t, "commit", "-qm", "one")
	for _, args := range []string{"--write", "--dry-run", "--check", "--format=json", "-q", "--write-baseline=x"} {
		realRun(t, "review", args).expect(t, 2, "", "review takes no --")
	}
	realRun(t, "review", "-").expect(t, 2, "", "takes no path -")
	realRun(t, "review", "--help").expect(t, 0, helpOf("review"), "")
	// Without a terminal the end of the input is q, and nothing is coloured.
	e := realRun(t, "review")
	if e.code != 1 || strings.Contains(e.out, "\x1b") || !strings.Contains(e.out, prompt) {
		t.Errorf("%+v", e)
	}
	realRun(t, "--write-baseline", "known.json")
	realRun(t, "review", "--baseline", "known.json").expect(t, 0, "", "No changes to review. ")
	if err := os.WriteFile("ships.py", []byte(ships+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	realRun(t, "review").expect(t, 2, "", "uncommitted changes in\n  ships.py")
}
