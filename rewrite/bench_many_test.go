//go:build unix

package rewrite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lazyfix/lazyfix/rewrite"
)

// BenchmarkMany is a whole run over one file of many queries: each in a function of its own, or all in one, by keys that
// stand there or that come in. What is reported is by query: it tells what grows faster than they do.
func BenchmarkMany(b *testing.B) {
	const models = `from sqlalchemy import ForeignKey
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "author"
    id: Mapped[int] = mapped_column(primary_key=True)
    books: Mapped[list["Book"]] = relationship()


class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
`
	const function = "\n\nasync def f%d(session: AsyncSession, ids: list[int]):\n"
	for _, shape := range []struct {
		name, key string
		apart     bool
	}{{"functions", "%[1]d", true}, {"function", "%[1]d", false}, {"keys", "ids[%[1]d]", false}} {
		for _, queries := range []int{250, 1_000} {
			b.Run(fmt.Sprintf("%s/queries=%d", shape.name, queries), func(b *testing.B) {
				var text strings.Builder
				text.WriteString(models)
				for i := range queries {
					if i == 0 || shape.apart {
						fmt.Fprintf(&text, function, i)
					}
					fmt.Fprintf(&text, "    a%[1]d = await session.get(Author, "+shape.key+")\n    print(a%[1]d.books)\n", i)
				}
				dir := b.TempDir()
				if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
					b.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, "many.py"), []byte(text.String()), 0o600); err != nil {
					b.Fatal(err)
				}
				perFunction(b, queries, func(ctx context.Context) error {
					_, err := rewrite.Run(ctx, rewrite.Options{Paths: []string{dir}})
					return err
				})
			})
		}
	}
}
