package rewrite_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/lazyfix/lazyfix/rewrite"
)

// TestCachedResult: what comes from the cache is what a run finds, whatever became of the entry, and fixes can be chosen
// from it.
func TestCachedResult(t *testing.T) {
	dir, cache := t.TempDir(), t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	files := generate(7, 40)
	write(t, dir, files)
	options := rewrite.Options{Paths: []string{dir}}
	analyze := func(o rewrite.Options) *rewrite.Result {
		t.Helper()
		r, err := rewrite.Run(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	plain := analyze(options)
	options.Cache = cache
	same := func(name string, got *rewrite.Result) {
		t.Helper()
		a, b := reflect.ValueOf(*plain), reflect.ValueOf(*got)
		for i := range a.NumField() {
			if f := a.Type().Field(i); f.IsExported() && !reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
				t.Errorf("%s gives another %s", name, f.Name)
			}
		}
	}
	entries := func() []string {
		names, err := filepath.Glob(filepath.Join(cache, "*"))
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
	same("the first run", analyze(options))
	if len(entries()) != 1 {
		t.Fatalf("entries: %v", entries())
	}
	kept := analyze(options)
	same("the second run", kept)
	if len(entries()) != 1 {
		t.Errorf("the second run kept another: %v", entries())
	}

	first, err := plain.Only(t.Context(), []int{0})
	if err != nil {
		t.Fatal(err)
	}
	again, err := kept.Only(t.Context(), []int{0})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(first.Changes, again.Changes) || len(first.Changes) == 0 {
		t.Error("one fix alone makes other changes")
	}

	for _, damage := range []string{"", "nonsense"} {
		if err := os.WriteFile(entries()[0], []byte(damage), 0o600); err != nil {
			t.Fatal(err)
		}
		same("a damaged entry", analyze(options))
	}
	options.Jobs = 3
	same("another number of workers", analyze(options))
	if len(entries()) != 1 {
		t.Errorf("the number of workers makes another entry: %v", entries())
	}

	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := analyze(options).Only(stopped, []int{0}); !errors.Is(err, context.Canceled) {
		t.Errorf("choosing fixes of a result that was kept does not end with its context: %v", err)
	}

	// What fixes are chosen from must be what was found.
	kept = analyze(options)
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("import os\n"+text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := kept.Only(t.Context(), []int{0}); err == nil {
		t.Error("fixes are chosen from files that changed")
	}
	if moved := analyze(options); reflect.DeepEqual(moved.Findings, plain.Findings) || len(entries()) != 2 {
		t.Error("files that changed give the old result")
	}
}

// TestCachedTemplate: a template is never edited, and what it reads changes the result all the same.
func TestCachedTemplate(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"app.py": `from fastapi.templating import Jinja2Templates
from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

templates = Jinja2Templates(directory="templates")


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    items: Mapped[list["Item"]] = relationship(lazy="raise_on_sql")


class Item(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))


async def show(request, session: AsyncSession):
    order = await session.scalar(select(Order))
    return templates.TemplateResponse(request, "order.html", {"order": order})
`,
		"templates/order.html": "{{ order.id }}\n",
	})
	options := rewrite.Options{Paths: []string{dir}, Cache: t.TempDir()}
	findings := func() int {
		t.Helper()
		r, err := rewrite.Run(t.Context(), options)
		if err != nil {
			t.Fatal(err)
		}
		return len(r.Findings)
	}
	if n := findings(); n != 0 {
		t.Fatalf("%d findings before", n)
	}
	write(t, dir, map[string]string{"templates/order.html": "{{ order.items | length }}\n"})
	if n := findings(); n != 1 {
		t.Errorf("%d findings after the template reads order.items", n)
	}
}
