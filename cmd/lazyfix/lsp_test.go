package main

import (
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/tools/txtar"
)

// sampleWorkspace is a copy of the sample app.
func sampleWorkspace(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err == nil {
		err = os.CopyFS(dir, os.DirFS("../../fixtures/sample_app"))
	}
	if err == nil {
		err = os.Mkdir(filepath.Join(dir, ".git"), 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// whole is more than any text.
var whole = lspRange{End: lspPosition{Line: 10000}}

// TestEditorAgrees: what an editor shows is what the report has, and all actions together are what --write writes.
func TestEditorAgrees(t *testing.T) {
	t.Parallel()
	for _, units := range []string{"utf-16", "utf-8"} {
		t.Run(units, func(t *testing.T) {
			dir := sampleWorkspace(t)
			capabilities := object{"general": object{"positionEncodings": []string{units}}, "window": object{"workDoneProgress": true},
				"textDocument": object{"publishDiagnostics": object{"relatedInformation": true}}}
			e := startEditor(t, dir, capabilities)
			e.analysed()

			var report jsonReport
			out, err := exec.Command("lazyfix", "--format", "json", dir).Output()
			var exit *exec.ExitError
			if err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			e.read(out, &report)
			shown := 0
			for name, diagnostics := range e.shown {
				shown += len(diagnostics)
				for _, d := range diagnostics {
					if !slices.ContainsFunc(report.Findings, func(f jsonFinding) bool {
						return f.File == name && f.Line == d.Range.Start.Line+1 && f.Rule == d.Code && strings.HasPrefix(d.Message, f.Message) && len(f.Why) == len(d.RelatedInformation)
					}) {
						t.Errorf("%s: the report does not have %+v", name, d)
					}
				}
			}
			if shown == 0 || shown != len(report.Findings) {
				t.Errorf("%d shown, %d in the report", shown, len(report.Findings))
			}

			// File by file, each time on what the one before left, as the editor has it.
			texts := map[string]string{}
			for _, name := range slices.Sorted(maps.Keys(e.shown)) {
				e.open(name, e.text(name))
			}
			for range 20 {
				made := false
				for _, name := range slices.Sorted(maps.Keys(e.shown)) {
					for _, a := range e.actions(name, whole, "source.fixAll") {
						if a.Kind != "source.fixAll.lazyfix" {
							t.Errorf("%s was not asked for", a.Kind)
						}
						for changed, text := range e.apply(a, texts, units == "utf-8") {
							texts[changed] = text
							e.change(changed, len(texts)+1, text)
							made = true
						}
						e.save(name)
						e.analysed()
					}
				}
				if !made {
					break
				}
			}
			if out, err := exec.Command("lazyfix", "--write", "--allow-dirty", "-q", dir).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if len(texts) < 5 {
				t.Errorf("only %d files changed", len(texts))
			}
			for name, text := range texts {
				if e.text(name) != text {
					t.Errorf("%s: the editor has\n%s\n--write writes\n%s", name, text, e.text(name))
				}
			}
			e.bye()
		})
	}
}

// fleet is a program with a read in one file, its query in another, and a character that UTF-16 and UTF-8 count
// differently.
const fleet = `
-- models.py --
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

class Base(DeclarativeBase): ...

class Ship(Base):
    __tablename__ = "ships"
    id: Mapped[int] = mapped_column(primary_key=True)
    crew: Mapped[list["Sailor"]] = relationship(lazy="raise_on_sql")

class Sailor(Base):
    __tablename__ = "sailors"
    id: Mapped[int] = mapped_column(primary_key=True)
    ship_id: Mapped[int] = mapped_column(ForeignKey("ships.id"))
    ship: Mapped[Ship] = relationship()
-- text.py --
from models import Ship

def strength(ship: Ship) -> str:
    return "\U0001f6a2 🚢" + str(len(ship.crew))
-- ships.py --
from sqlalchemy.ext.asyncio import AsyncSession
from models import Sailor, Ship
from text import strength

async def show(session: AsyncSession, id: int):
    ship = "🚢" and await session.get(Ship, id)
    return strength(ship)

async def home(session: AsyncSession, id: int):
    sailor = await session.get(Sailor, id)
    return sailor.ship.id
`

func shipsWorkspace(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range txtar.Parse([]byte(fleet)).Files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// rules are those of what is shown of a file.
func (e *editor) rules(name string) (rules []string) {
	for _, d := range e.shown[name] {
		rules = append(rules, d.Code)
	}
	return rules
}

func (e *editor) expectRules(name string, want ...string) {
	e.t.Helper()
	if got := e.rules(name); !slices.Equal(got, want) {
		e.t.Errorf("%s: %q, want %q", name, got, want)
	}
}

func TestEditorShows(t *testing.T) {
	t.Parallel()
	e := startEditor(t, shipsWorkspace(t), everything)
	e.analysed()
	e.expectRules("models.py", "implicit-lazy")
	e.expectRules("ships.py", "missing-eager-load", "missing-eager-load")
	d := e.shown["ships.py"][0]
	// session.get, behind a ship that is one character of two units
	if want := (lspRange{lspPosition{5, 26}, lspPosition{5, 37}}); d.Range != want || d.Severity != 2 {
		t.Errorf("%+v, want the range %v and a warning", d, want)
	}
	related := d.RelatedInformation
	if len(related) != 3 || e.name(related[0].Location.URI) != "text.py" || related[0].Message != "reads Ship.crew" {
		t.Fatalf("the way is %+v", related)
	}
	if want := (lspRange{lspPosition{3, 37}, lspPosition{3, 46}}); related[0].Location.Range != want {
		t.Errorf("the read is at %v, want %v", related[0].Location.Range, want)
	}
	if !slices.Contains(e.asked, "client/registerCapability") {
		t.Errorf("the editor was not asked to watch files: %q", e.asked)
	}
	e.bye()
}

func TestEditorFixes(t *testing.T) {
	t.Parallel()
	e := startEditor(t, shipsWorkspace(t), everything)
	e.analysed()
	e.open("models.py", e.text("models.py"))
	relationship := e.shown["models.py"][0]
	got := e.actions("models.py", relationship.Range, "quickfix")
	if len(got) != 1 || got[0].Kind != "quickfix" || !strings.HasSuffix(got[0].Title, "(with a query that it needs)") || len(got[0].Diagnostics) != 1 {
		t.Fatalf("offered: %+v", got)
	}
	for _, c := range got[0].Edit.DocumentChanges {
		if v := c.TextDocument.Version; (v != nil) != (e.name(c.TextDocument.URI) == "models.py") || v != nil && *v != 1 {
			t.Errorf("%s has version %v", c.TextDocument.URI, v)
		}
	}
	texts := e.apply(got[0], nil, false)
	if !strings.Contains(texts["models.py"], `ship: Mapped[Ship] = relationship(lazy="raise_on_sql")`) ||
		!strings.Contains(texts["ships.py"], "session.get(Sailor, id, options=[selectinload(Sailor.ship)])") ||
		strings.Contains(texts["ships.py"], "Ship.crew)") || len(texts) != 2 {
		t.Errorf("the action gives %q", texts)
	}
	if got := e.actions("models.py", lspRange{}, "quickfix"); len(got) != 0 {
		t.Errorf("offered where nothing is found: %+v", got)
	}
	if got := e.actions("models.py", relationship.Range, "refactor"); len(got) != 0 {
		t.Errorf("offered where something else was asked for: %+v", got)
	}
	if got := e.actions("models.py", relationship.Range); len(got) != 2 {
		t.Errorf("offered where anything was asked for: %+v", got)
	}

	// A fix whose place somebody types in is not offered until the file is saved; others are.
	ship := e.shown["ships.py"][0]
	e.change("models.py", 2, "\n"+e.text("models.py"))
	if got := e.actions("models.py", whole); len(got) != 0 {
		t.Errorf("offered for a text that has changed: %+v", got)
	}
	if got := e.actions("ships.py", ship.Range, "quickfix"); len(got) != 1 || len(got[0].Edit.DocumentChanges) != 1 {
		t.Errorf("not offered for a text that has not changed: %+v", got)
	}
	e.save("models.py")
	e.analysed()
	if moved := e.shown["models.py"][0].Range.Start.Line; moved != relationship.Range.Start.Line+1 || *e.version["models.py"] != 2 {
		t.Errorf("shown at line %d of version %d", moved, *e.version["models.py"])
	}
	if got := e.actions("models.py", whole, "quickfix"); len(got) != 1 {
		t.Errorf("not offered for a text that was analysed: %+v", got)
	}
	if e.begun != 2 {
		t.Errorf("analysed %d times, and not at the start and after the save alone", e.begun)
	}
	e.bye()
}

// What is open counts, saved or not; what is closed counts as it was saved.
func TestEditorOpenTexts(t *testing.T) {
	t.Parallel()
	e := startEditor(t, shipsWorkspace(t), everything)
	e.analysed()
	e.open("text.py", "def strength(ship):\n    return ''\n") // nobody reads the crew
	e.analysed()
	e.expectRules("ships.py", "missing-eager-load")
	e.notify("textDocument/didClose", object{"textDocument": object{"uri": e.uri("text.py")}})
	e.analysed()
	e.expectRules("ships.py", "missing-eager-load", "missing-eager-load")

	// Somebody else writes a file, and removes another.
	if err := os.WriteFile(filepath.Join(e.dir, "text.py"), []byte("def strength(ship) return ''\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(e.dir, "models.py")); err != nil {
		t.Fatal(err)
	}
	e.notify("workspace/didChangeWatchedFiles", object{"changes": []object{{"uri": e.uri("text.py"), "type": 2}, {"uri": e.uri("models.py"), "type": 3}}})
	e.analysed()
	e.expectRules("models.py")
	e.expectRules("ships.py")
	if broken := e.shown["text.py"]; len(broken) != 1 || broken[0].Severity != 1 || !strings.Contains(broken[0].Message, "does not parse") {
		t.Errorf("a file that does not parse: %+v", broken)
	}
	e.bye()
}

// An editor that can do little, in a workspace behind a symbolic link, with flags.
func TestEditorThatCanLittle(t *testing.T) {
	t.Parallel()
	link := filepath.Join(t.TempDir(), "linked ships")
	if err := os.Symlink(shipsWorkspace(t), link); err != nil {
		t.Fatal(err)
	}
	e := startEditor(t, link, object{"window": object{"workDoneProgress": true}}, "--stdio", "--ignore", "implicit-lazy")
	e.analysed()
	if got := slices.Sorted(maps.Keys(e.shown)); !slices.Equal(got, []string{"ships.py"}) {
		t.Errorf("shown: %q", got)
	}
	d := e.shown["ships.py"][0]
	if len(d.RelatedInformation) != 0 || !strings.Contains(d.Message, "\n<- reads Ship.crew") && !strings.Contains(d.Message, "reads Ship.crew\n<- ") {
		t.Errorf("the way is not in the message: %+v", d)
	}
	got := e.actions("ships.py", d.Range, "quickfix")
	if len(got) != 1 || len(got[0].Edit.Changes[e.uri("ships.py")]) == 0 || got[0].Edit.DocumentChanges != nil {
		t.Errorf("offered: %+v", got)
	}
	e.bye()
}

func TestEditorConfiguration(t *testing.T) {
	t.Parallel()
	e := startEditor(t, shipsWorkspace(t), everything)
	e.analysed()
	settings := filepath.Join(e.dir, "lazyfix.toml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(settings, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		e.notify("workspace/didChangeWatchedFiles", object{"changes": []object{{"uri": e.uri("lazyfix.toml"), "type": 2}}})
		e.analysed()
	}
	write("selct = []\n")
	write("selct = [1]\n")
	if len(e.said) != 1 || !strings.Contains(e.said[0], `there is no key "selct"`) {
		t.Errorf("said: %q", e.said)
	}
	e.expectRules("models.py", "implicit-lazy") // as before
	write("ignore = ['missing-eager-load']\n")
	e.expectRules("ships.py")
	e.expectRules("models.py", "implicit-lazy")
	if out, err := exec.Command("lazyfix", "-q", "--write-baseline", filepath.Join(e.dir, "known.json"), e.dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	write("baseline = 'known.json'\nignore = ['missing-eager-load']\n")
	e.expectRules("models.py")
	e.bye()
}

// Workspaces come and go.
func TestEditorFolders(t *testing.T) {
	t.Parallel()
	e := startEditor(t, shipsWorkspace(t), everything)
	e.analysed()
	other := shipsWorkspace(t)
	change := func(added, removed []object) {
		e.notify("workspace/didChangeWorkspaceFolders", object{"event": object{"added": added, "removed": removed}})
		e.analysed()
	}
	name := e.name(fileURI(filepath.Join(other, "models.py")))
	change([]object{{"uri": fileURI(other), "name": "other"}}, nil)
	e.expectRules(name, "implicit-lazy")
	change(nil, []object{{"uri": fileURI(other), "name": "other"}})
	e.expectRules(name)
	e.expectRules("models.py", "implicit-lazy")
	change(nil, []object{{"uri": fileURI(e.dir), "name": "here"}})
	e.expectRules("models.py")
	change([]object{{"uri": fileURI(filepath.Join(other, "gone")), "name": "gone"}}, nil)
	change(nil, []object{{"uri": fileURI(filepath.Join(other, "gone")), "name": "gone"}})
	if got := slices.Sorted(maps.Keys(e.shown)); slices.ContainsFunc(got, func(name string) bool { return !strings.HasSuffix(name, ".py") }) {
		t.Errorf("shown: %q", got)
	}
	// A file without a workspace is read with its folder.
	e.open("models.py", e.text("models.py"))
	e.analysed()
	e.expectRules("models.py", "implicit-lazy")
	e.said = append(e.said, "") // of the folder that is gone, on standard error
	e.bye()
	if log := e.log.String(); !strings.Contains(log, "gone") || strings.Count(log, "\n") != 1 {
		t.Errorf("on standard error:\n%s", log)
	}
}

// An editor that makes mistakes.
func TestEditorMistakes(t *testing.T) {
	t.Parallel()
	e := runEditor(t, shipsWorkspace(t))
	if m := e.answer("textDocument/codeAction", object{}); m.Error == nil || m.Error.Code != -32002 {
		t.Errorf("a request before initialize: %+v", m)
	}
	e.initialize(everything)
	e.analysed()
	for _, method := range []string{"textDocument/didOpen", "textDocument/didChange", "$/unknown", "unknown/thing"} {
		e.notify(method, "nonsense")
	}
	e.open("../elsewhere.py", "x = 1\n")
	if err := syscall.Mkfifo(filepath.Join(e.dir, "pipe.py"), 0o600); err != nil {
		t.Fatal(err)
	}
	e.open("pipe.py", "x = 1\n") // and nobody will ever write to it
	e.notify("textDocument/didOpen", object{"textDocument": object{"uri": "untitled:one", "languageId": "python", "version": 1, "text": "x"}})
	if m := e.answer("textDocument/hover", object{"textDocument": object{"uri": e.uri("models.py")}, "position": object{"line": 0, "character": 0}}); m.Error == nil || m.Error.Code != -32601 {
		t.Errorf("a request for what there is not: %+v", m)
	}
	if got := e.actions("models.py", whole); len(got) == 0 {
		t.Error("nothing is offered any more")
	}
	e.notify("exit", nil)
	var exit *exec.ExitError
	if err := e.command.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("exit without shutdown: %v", err)
	}
	if log := e.log.String(); !strings.Contains(log, "lazyfix: textDocument/didChange: ") || strings.Contains(log, "unknown") {
		t.Errorf("on standard error:\n%s", log)
	}
}
