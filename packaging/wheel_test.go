package packaging_test

import (
	"debug/elf"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// The wheel is built as for a release, and installed as a user does it, into an environment that has nothing else.
func TestWheel(t *testing.T) {
	file, out := wheel(t), t.TempDir()
	environment := filepath.Join(t.TempDir(), "environment")
	run(t, out, nil, tool(t, "python"), "-m", "venv", environment)
	python := filepath.Join(environment, "bin", "python")
	run(t, out, nil, python, "-m", "pip", "install", "--no-index", "--disable-pip-version-check", file)

	lazyfix := filepath.Join(environment, "bin", "lazyfix")
	if strings.Contains(file, "linux") {
		static(t, lazyfix)
	}
	expect(t, run(t, out, nil, lazyfix, "--version"), "1.2.3")
	expect(t, run(t, out, []string{"PATH="}, python, "-m", "lazyfix", "--version"), "1.2.3")
	dir := project(t)
	text, code := command(t, dir, nil, python, "-m", "lazyfix", ".")
	if code != 1 {
		t.Errorf("exit %d", code)
	}
	expect(t, text, "expire-on-commit")
	run(t, dir, nil, lazyfix, "--write", ".")
	expect(t, read(t, filepath.Join(dir, "db.py")), fixed)
	records(t, python, file)
}

// records: where the wheel is installed beside pytest and SQLAlchemy, pytest has the recorder, and starts without one
// that is not asked for. Lazyfix takes what it wrote.
func records(t *testing.T, python, wheel string) {
	t.Helper()
	dir, installed := t.TempDir(), t.TempDir()
	run(t, dir, nil, python, "-m", "pip", "install", "--no-index", "--disable-pip-version-check", "--target", installed, wheel)
	write(t, filepath.Join(dir, "test_ship.py"), shipSuite)
	suite := func(more ...string) string {
		return run(t, dir, []string{"PYTHONPATH=" + installed}, append([]string{
			filepath.Join(root(t), ".venvs", "sqlalchemy-2.1", "bin", "python"), "-m", "pytest", "-q", "-p", "no:cacheprovider"}, more...)...)
	}
	expect(t, suite("--lazyfix-record=out.jsonl"), "lazyfix: lazy loads recorded in out.jsonl: 1")
	expect(t, read(t, filepath.Join(dir, "out.jsonl")), `"path": ["Ship.crew"]`)
	expect(t, run(t, dir, nil, filepath.Join(installed, "bin", "lazyfix"), "evidence", "out.jsonl", "."), "Derived and recorded")
	if text := suite(); strings.Contains(text, "lazyfix") {
		t.Errorf("a run that records nothing:\n%s", text)
	}
	if text := suite("-s", "-k", "modules"); !strings.Contains(text, "loaded: ['lazyfix', 'lazyfix.pytest_plugin']") {
		t.Errorf("a run that records nothing loads more than it must:\n%s", text)
	}
}

const shipSuite = `import sys

print("loaded:", sorted(name for name in sys.modules if name.startswith(("lazyfix", "sqlalchemy."))))

from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Ship(Base):
    __tablename__ = "ship"
    id: Mapped[int] = mapped_column(primary_key=True)
    crew: Mapped[list["Sailor"]] = relationship()


class Sailor(Base):
    __tablename__ = "sailor"
    id: Mapped[int] = mapped_column(primary_key=True)
    ship_id: Mapped[int] = mapped_column(ForeignKey("ship.id"))


def test_modules():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Ship(crew=[Sailor()]))
        session.commit()
        session.expunge_all()
        ship = session.scalars(select(Ship)).one()
        assert len(ship.crew) == 1
`

const wheelVersion = "1.2.3"

// wheelFolder is "" as long as no test asked for a wheel.
var wheelFolder string

var built = sync.OnceValues(func() (string, error) {
	out, err := os.MkdirTemp("", "lazyfix-wheel")
	if err != nil {
		return "", err
	}
	wheelFolder = out
	c := exec.Command("packaging/wheel")
	c.Dir, c.Env = "..", append(os.Environ(), "OUT="+out, "VERSION="+wheelVersion)
	if said, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("packaging/wheel: %w\n%s", err, said)
	}
	wheels, err := filepath.Glob(filepath.Join(out, "lazyfix-"+wheelVersion+"-py3-none-*.whl"))
	if err != nil || len(wheels) != 1 {
		return "", fmt.Errorf("wheels: %v %w", wheels, err)
	}
	return wheels[0], nil
})

// wheel is one of this work tree for this platform, built once for all tests.
func wheel(t *testing.T) string {
	t.Helper()
	file, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// TestMain removes the wheel that the tests shared.
func TestMain(m *testing.M) {
	code := m.Run()
	if wheelFolder != "" {
		_ = os.RemoveAll(wheelFolder)
	}
	os.Exit(code)
}

// static: a binary that wants nothing of the system's libraries is what lets one wheel say manylinux and musllinux.
func static(t *testing.T, path string) {
	t.Helper()
	binary, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = binary.Close() }()
	for _, part := range binary.Progs {
		if part.Type == elf.PT_INTERP {
			t.Errorf("%s needs a dynamic linker", path)
		}
	}
}
