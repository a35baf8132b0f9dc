package loadflow

import (
	"testing"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
)

const flowModels = `
from sqlalchemy.orm import DeclarativeBase, Mapped, relationship

class Base(DeclarativeBase):
    pass

class Author(Base):
    __tablename__ = "authors"
    books: Mapped[list["Book"]] = relationship(back_populates="author")

class Book(Base):
    __tablename__ = "books"
    author: Mapped["Author"] = relationship(back_populates="books")
    chapters: Mapped[list["Chapter"]] = relationship()
    shelf: Mapped["Shelf"] = relationship(lazy="joined")

class Chapter(Base):
    __tablename__ = "chapters"

class Shelf(Base):
    __tablename__ = "shelves"
    chapters: Mapped[list["Chapter"]] = relationship()
`

// TestAnalyze holds what a Flow says beyond the options that come of it: the way from the read to the query, which the
// report and explain show, and what is loaded already.
func TestAnalyze(t *testing.T) {
	for _, c := range []struct{ name, app, want string }{
		{"in one function", `
async def report(session):
    book = await session.scalar(select(Book))
    return book.author
`, `app.py:6
  Book.author, 0 loaded
    app.py:7 reads Book.author
    app.py:6 queried
`},
		{"through an argument", `
def count(book):
    return len(book.chapters)

def show(book):
    return str(count(book))

async def report(session):
    return show(await session.scalar(select(Book)))
`, `app.py:12
  Book.chapters, 0 loaded
    app.py:6 reads Book.chapters
    app.py:9 passed to count
    app.py:12 passed to show
    app.py:12 queried
`},
		{"through results", `
async def find(session):
    return await session.scalar(select(Book))

async def must_find(session):
    book = await find(session)
    return book, 1

async def report(session):
    book, _ = await must_find(session)
    return book.author
`, `app.py:6
  Book.author, 0 loaded
    app.py:14 reads Book.author
    app.py:13 returned by must_find
    app.py:9 returned by find
    app.py:6 queried
`},
		{"behind what the query and the model load", `
async def report(session):
    stmt = select(Author).options(joinedload(Author.books))
    authors = (await session.scalars(stmt)).unique().all()
    return [book.shelf.chapters for author in authors for book in author.books]
`, `app.py:6
  Author.books(joinedload) > Book.shelf(joinedload by the model) > Shelf.chapters, 2 loaded
    app.py:8 reads Shelf.chapters
    app.py:6 queried
`},
		{"loaded already", `
async def report(session):
    stmt = select(Book).options(selectinload(Book.chapters))
    return [book.chapters for book in await session.scalars(stmt)]
`, ``},
		{"the reverse of a loaded step", `
async def report(session):
    author = await session.scalar(select(Author))
    return [book.author for book in author.books]
`, `app.py:6
  Author.books, 0 loaded
    app.py:7 reads Author.books
    app.py:6 queried
`},
		{"a builder that calls itself", `
def build(data):
    return Book(author=[build(d) for d in data])

async def report(session):
    author = await session.scalar(select(Author))
    return author.books
`, `app.py:9
  Author.books, 0 loaded
    app.py:10 reads Author.books
    app.py:9 queried
`},
		{"a wrapper that calls itself", `
class Wrapper:
    def __init__(self, app):
        self.app = app

    def __call__(self, respond):
        def answer(status):
            return respond(status)
        return self.app(answer)

class Server:
    pass

def install(server):
    server.app = Wrapper(server.app)

install(Server())

async def report(session):
    author = await session.scalar(select(Author))
    return author.books
`, `app.py:23
  Author.books, 0 loaded
    app.py:24 reads Author.books
    app.py:23 queried
`},
		{"a function that opens a session and calls itself with it", `
async def prune(db=None):
    if db is None:
        async with maker() as fresh:
            await prune(fresh)
        return
    await db.execute(select(Author))
    await db.commit()

async def report(session):
    author = await session.scalar(select(Author))
    return author.books
`, `app.py:14
  Author.books, 0 loaded
    app.py:15 reads Author.books
    app.py:14 queried
`},
		{"no query is known", `
def show(book: Book):
    return book.author
`, `undecided: no caller of show is known that passes a queried object
    app.py:6 reads Book.author
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := parse(t, map[string]string{"models.py": flowModels, "app.py": `
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from models import Author, Book` + c.app})
			f, err := Analyze(t.Context(), p.graph, p.index, Settings{Jobs: 1})
			if err != nil {
				t.Fatal(err)
			}
			if !f.Settled {
				t.Error("not settled")
			}
			if got := show(f); got != c.want {
				t.Errorf("got:\n%s-- want:\n%s", got, c.want)
			}
		})
	}
}

// TestReverse: under lazy="raise" the object that holds a collection is no answer to the reverse read, so it is loaded.
func TestReverse(t *testing.T) {
	p := parse(t, map[string]string{"models.py": flowModels, "app.py": `
from sqlalchemy import select
from models import Author

async def report(session):
    author = await session.scalar(select(Author))
    return [book.author for book in author.books]
`})
	forgets := map[*mapper.Relationship]mapper.Strategy{}
	for _, r := range p.index.Relationships {
		forgets[r] = mapper.Raise
	}
	f, err := Analyze(t.Context(), p.graph, p.index, Settings{Jobs: 1, Forgets: forgets})
	if err != nil {
		t.Fatal(err)
	}
	const want = `app.py:6
  Author.books > Book.author, 0 loaded
    app.py:7 reads Book.author
    app.py:6 queried
`
	if got := show(f); got != want {
		t.Errorf("got:\n%s-- want:\n%s", got, want)
	}
}
