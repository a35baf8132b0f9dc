package main_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// ordinary is a file in which every rule has something to do: at its top (an import), in the middle, in its last line.
const ordinary = `from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import async_sessionmaker
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Ship(Base):
    __tablename__ = "ships"
    id: Mapped[int] = mapped_column(primary_key=True)
    crew: Mapped[list["Sailor"]] = relationship(
        back_populates="ship",  # a comment
    )


class Sailor(Base):
    __tablename__ = "sailors"
    id: Mapped[int] = mapped_column(primary_key=True)
    ship_id: Mapped[int] = mapped_column(ForeignKey("ships.id"))
    ship: Mapped[Ship] = relationship(back_populates="crew")


async def crew(session, id):
    ships = await session.scalars(select(Ship).where(Ship.id == id))
    return [sailor.ship.id for ship in ships for sailor in ship.crew]


sessions = async_sessionmaker()
`

// oddFiles are ordinary files in odd clothes, each with what lazyfix is to keep of them.
func oddFiles(t *testing.T) map[string]file {
	t.Helper()
	crlf := strings.ReplaceAll(ordinary, "\n", "\r\n")
	const bom = "\uFEFF"
	files := map[string]file{
		"plain.py":                    {ordinary, 0o644},
		"executable.py":               {"#!/usr/bin/env python3\n" + ordinary, 0o755},
		"crlf.py":                     {crlf, 0o644},
		"bom.py":                      {bom + ordinary, 0o644},
		"bom_crlf.py":                 {bom + crlf, 0o755},
		"no_final_newline.py":         {strings.TrimSuffix(ordinary, "\n"), 0o644},
		"no_final_newline_crlf.py":    {strings.TrimSuffix(crlf, "\r\n"), 0o644},
		"blank_end.py":                {ordinary + "\n\n    \n", 0o644},
		"tabs.py":                     {strings.ReplaceAll(ordinary, "    ", "\t"), 0o644},
		"form_feed.py":                {strings.ReplaceAll(ordinary, "\n\nclass", "\n\f\nclass"), 0o644},
		"two_spaces.py":               {strings.ReplaceAll(ordinary, "    ", "  "), 0o644},
		"other_letters.py":            {strings.ReplaceAll(ordinary, "a comment", "комментарий 🙂 \u2028 e\u0301"), 0o644},
		"mixed_ends.py":               {strings.Replace(ordinary, "):\n    pass\n", "):\r\n    pass\r\n", 1), 0o644},
		"trailing_spaces.py":          {strings.ReplaceAll(ordinary, "ship\",", "ship\",  "), 0o644},
		"docstring.py":                {"\"\"\"Ships.\"\"\"\n" + ordinary, 0o644},
		"future.py":                   {"from __future__ import annotations\n\n" + ordinary, 0o644},
		"one_line.py":                 {"from sqlalchemy.ext.asyncio import AsyncSession; s = AsyncSession()", 0o644},
		"a folder/with \"quotes\".py": {ordinary, 0o644},
		"a\nline\tor two.py":          {ordinary, 0o644},
		" back\\slash .py":            {ordinary, 0o644},
		"no \xff utf-8 \x80/\xe9.py":  {ordinary, 0o644},
		"naïve/файл.py":               {ordinary, 0o644},
		"-dash.py":                    {ordinary, 0o644},
		// Not to be edited, in the midst of those that are: not UTF-8, and a syntax error.
		"latin.py":        {"# -*- coding: latin-1 -*-\nname = \"\xe9\"\n" + ordinary, 0o644},
		"empty.py":        {"", 0o644},
		"only_comment.py": {"# nothing", 0o644},
	}
	return files
}

// TestOddFilesStayOdd: each of them is edited, apart from those that must not be, and keeps its line ends, its byte order
// mark, and an end without a line end.
func TestOddFilesStayOdd(t *testing.T) {
	binary := buildLazyfix(t)
	files := oddFiles(t)
	dir := repositoryOf(t, files)
	before := snapshotWithModes(t, dir)
	binary.run(t, dir, "--write")
	after := snapshotWithModes(t, dir)

	edited := map[string]bool{}
	for _, name := range changedFiles(before, after) {
		edited[name] = true
	}
	for name := range files {
		was, is := before[name].text, after[name].text
		stays := name == "latin.py" || name == "empty.py" || name == "only_comment.py"
		if edited[name] == stays {
			t.Errorf("%s: edited is %v", name, edited[name])
		}
		if strings.HasPrefix(was, "\uFEFF") != strings.HasPrefix(is, "\uFEFF") || strings.Count(is, "\uFEFF") > 1 {
			t.Errorf("%s: the byte order mark is lost or moved", name)
		}
		if strings.HasSuffix(was, "\n") != strings.HasSuffix(is, "\n") {
			t.Errorf("%s: its end has another form: %q", name, is[max(0, len(is)-40):])
		}
		bare := func(s string) int { return strings.Count(s, "\n") - strings.Count(s, "\r\n") }
		if strings.Contains(was, "\r\n") && bare(was) == 0 && bare(is) > 0 || strings.Count(was, "\r") == 0 && strings.Count(is, "\r") > 0 {
			t.Errorf("%s: its line ends are mixed now", name)
		}
		if name == "tabs.py" && strings.Contains(is, "    ") {
			t.Errorf("tabs.py: spaces in its indentation:\n%s", is)
		}
	}
}

// TestIgnoredButTracked: files that git has are the program, whatever .gitignore says of their folder; what it does not have
// there is not.
func TestIgnoredButTracked(t *testing.T) {
	binary := buildLazyfix(t)
	dir := repositoryOf(t, map[string]file{".gitignore": {"models/\n", 0o644}, "app/models/ship.py": {ordinary, 0o644}})
	untracked := filepath.Join(dir, "app", "models", "scratch.py")
	if err := os.WriteFile(untracked, []byte(ordinary), 0o600); err != nil {
		t.Fatal(err)
	}
	before := snapshotWithModes(t, dir)
	binary.run(t, dir, "--write")
	if got := changedFiles(before, snapshotWithModes(t, dir)); !slices.Equal(got, []string{"app/models/ship.py"}) {
		t.Errorf("edited: %q", got)
	}
}

// TestOneBadFile: a file that does not parse is named, the others are done, and the run ends with 2.
func TestOneBadFile(t *testing.T) {
	binary := buildLazyfix(t)
	dir := repositoryOf(t, map[string]file{
		"app/bad.py":      {"def f(:\n    pass\n", 0o644},
		"app/one.py":      {ordinary, 0o644},
		"app/two.py":      {ordinary, 0o755},
		"app/bytes.py":    {"name = \"\xff\"\n", 0o644},
		"app/conflict.py": {ordinary + "<<<<<<< ours\nx = 1\n=======\nx = 2\n>>>>>>> theirs\n", 0o644},
		"app/deep.py":     {"x = " + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + "\n", 0o644},
		"app/long.py":     {ordinary + "x = \"" + strings.Repeat("x", 1_000_000) + "\"\n", 0o644},
		"app/mac.py":      {strings.ReplaceAll(ordinary, "\n", "\r"), 0o644},
		"app/nul.py":      {ordinary + "\x00", 0o644},
		"app/python2.py":  {ordinary + "print \"x\"\n", 0o644},
		"app/x.py/in.py":  {ordinary, 0o644},
		"app/__init__.py": {"", 0o644},
	})
	before := snapshotWithModes(t, dir)
	end := binary.run(t, dir, "--write", "app")
	if end.code != 2 {
		t.Errorf("exit code %d, want 2", end.code)
	}
	for _, want := range []string{
		"app/bad.py:1: error: ", "app/bytes.py:1: error: ", "app/conflict.py:31: error: has an unresolved merge conflict here",
		"app/deep.py: error: is nested deeper than 3000 levels", "app/mac.py:1: warning: this line ends with a carriage return alone",
		"app/nul.py:31: error: has a NUL byte", "app/python2.py:31: error: is Python 2 here",
	} {
		if !strings.Contains(end.stderr, want) {
			t.Errorf("standard error has no %q:\n%s", want, end.stderr)
		}
	}
	after := snapshotWithModes(t, dir)
	if got := strings.Join(changedFiles(before, after), " "); got != "app/long.py app/one.py app/two.py app/x.py/in.py" {
		t.Errorf("wrote %q", got)
	}
	for _, name := range []string{"app/one.py", "app/two.py"} {
		for _, want := range []string{`lazy="raise_on_sql"`, "expire_on_commit=False", "selectinload(Ship.crew)"} {
			if !strings.Contains(after[name].text, want) {
				t.Errorf("%s has no %s:\n%s", name, want, after[name].text)
			}
		}
		if after[name].mode != before[name].mode {
			t.Errorf("%s had mode %v, and has %v", name, before[name].mode, after[name].mode)
		}
	}
	if again := binary.run(t, dir, "--write", "--allow-dirty", "--quiet", "app"); again.code != 2 || len(changedFiles(after, snapshotWithModes(t, dir))) > 0 {
		t.Errorf("a second run ends with %d and changes %v", again.code, changedFiles(after, snapshotWithModes(t, dir)))
	}
}
