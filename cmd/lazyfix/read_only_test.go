package main_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestReadOnly: what the user may not write is named and stays, a file as well as what is in a folder; the rest is
// written.
func TestReadOnly(t *testing.T) {
	readOnly{
		files:  map[string]file{"app/one.py": {small, 0o644}, "app/shut.py": {small, 0o444}, "locked/two.py": {small, 0o644}, "z.py": {small, 0o644}},
		locked: "locked",
		says: []string{
			"app/shut.py: not written: it is read-only for this user (mode 0444): chmod u+w it",
			"locked/two.py: not written: no file can be made in its folder ", "/locked: permission denied\n",
			"written: app/one.py, z.py\n",
		},
		writes: "app/one.py z.py",
	}.run(t)
}

// A model is not made to raise where the query that was to load cannot be written, nor where a file that cannot be read may
// have one.
func TestReadOnlyQuery(t *testing.T) {
	const models = `from sqlalchemy import ForeignKey
from sqlalchemy.ext.asyncio import async_sessionmaker
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

sessions = async_sessionmaker()


class Base(DeclarativeBase):
    id: Mapped[int] = mapped_column(primary_key=True)


class Order(Base):
    __tablename__ = "orders"
    items: Mapped[list["Item"]] = relationship(back_populates="order")


class Item(Base):
    __tablename__ = "items"
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    order: Mapped["Order"] = relationship(back_populates="items")
`
	const query = `from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Order


def job(session: Session):
    return [item.id for order in session.scalars(select(Order)) for item in order.items]
`
	half := strings.NewReplacer("sessionmaker()", "sessionmaker(expire_on_commit=False)",
		`relationship(back_populates="items")`, `relationship(back_populates="items", lazy="raise_on_sql")`).Replace(models)
	for name, r := range map[string]readOnly{
		"the file": {
			files: map[string]file{"models.py": {models, 0o644}, "tasks.py": {query, 0o444}},
			says:  []string{"tasks.py: not written: it is read-only", "written: models.py\n"},
		},
		"its folder": {
			files:  map[string]file{"models.py": {models, 0o644}, "shut/tasks.py": {query, 0o644}},
			locked: "shut", says: []string{"shut/tasks.py: not written: no file can be made", "written: models.py\n"},
		},
		"what is not read": {
			files: map[string]file{"models.py": {models, 0o644}, "tasks.py": {query, 0}},
			says:  []string{"tasks.py: error: cannot be read: permission denied"},
			texts: map[string]string{"models.py": strings.Replace(models, "sessionmaker()", "sessionmaker(expire_on_commit=False)", 1)},
		},
	} {
		r.writes = "models.py"
		if r.texts == nil {
			r.texts = map[string]string{"models.py": half}
		}
		t.Run(name, r.run)
	}
}

// readOnly is a run of --write that cannot write all.
type readOnly struct {
	files  map[string]file
	locked string            // a folder that may not be written in
	says   []string          // on standard error
	writes string            // files, by name
	texts  map[string]string // of some afterwards
}

// run makes the files and writes them. Root may write everything, so then the run is nobody's.
func (r readOnly) run(t *testing.T) {
	t.Helper()
	binary := buildLazyfix(t)
	dir := repositoryOf(t, r.files)
	cmd := exec.CommandContext(t.Context(), string(binary), "--write", ".")
	if os.Getuid() == 0 {
		const nobody = 65534
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		for _, at := range []string{dir, filepath.Dir(dir), filepath.Dir(string(binary))} {
			if err := os.Chmod(at, 0o777); err != nil {
				t.Fatal(err)
			}
		}
		err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			return os.Chown(path, nobody, nobody)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if r.locked != "" {
		if err := os.Chmod(filepath.Join(dir, r.locked), 0o555); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(filepath.Join(dir, r.locked), 0o755) }) // to be removable
	}
	before := snapshotWithModes(t, dir)

	var stderr bytes.Buffer
	cmd.Dir, cmd.Stderr = dir, &stderr
	cmd.Env = append(os.Environ(), "HOME="+dir)
	_ = cmd.Run()
	if cmd.ProcessState.ExitCode() != 2 {
		t.Errorf("exit code %d, want 2", cmd.ProcessState.ExitCode())
	}
	for _, want := range r.says {
		if !strings.Contains(stderr.String(), want) {
			t.Errorf("standard error has no %q:\n%s", want, &stderr)
		}
	}
	after := snapshotWithModes(t, dir)
	if got := strings.Join(changedFiles(before, after), " "); got != r.writes {
		t.Errorf("wrote %q, want %q", got, r.writes)
	}
	for name, want := range r.texts {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != want {
			t.Errorf("%s, %v:\n%s", name, err, got)
		}
	}
}
