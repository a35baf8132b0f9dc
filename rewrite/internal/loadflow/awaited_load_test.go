package loadflow

import "testing"

// TestAwaitedRaises: what awaitable_attrs reads is a read like any other where its relationship comes to raise.
func TestAwaitedRaises(t *testing.T) {
	p := parse(t, map[string]string{"models.py": flowModels, "app.py": `
from sqlalchemy import select
from models import Book

async def report(session):
    book = await session.scalar(select(Book))
    return await book.awaitable_attrs.chapters
`})
	for raises, want := range map[bool]string{false: "", true: `app.py:6
  Book.chapters, 0 loaded
    app.py:7 reads Book.chapters
    app.py:6 queried
`} {
		f, err := Analyze(t.Context(), p.graph, p.index, Settings{Jobs: 1, AwaitedRaises: raises})
		if err != nil {
			t.Fatal(err)
		}
		if got := show(f); got != want {
			t.Errorf("AwaitedRaises %v:\n%s\nwant\n%s", raises, got, want)
		}
	}
}
