package loadflow

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

const pathModels = `
from sqlalchemy.orm import DeclarativeBase, Mapped, backref, relationship

class Base(DeclarativeBase):
    pass

class Author(Base):
    __tablename__ = "authors"
    books: Mapped[list["Book"]] = relationship(back_populates="author")
    edited: Mapped[list["Book"]] = relationship()
    praised: Mapped[list["Book"]] = relationship(back_populates="critic")
    shelves = relationship("Shelf", backref="owner")
    boxes = relationship("Box", backref=backref("owner"))
    house: Mapped["House"] = relationship(back_populates="author", uselist=False)

class Book(Base):
    __tablename__ = "books"
    author: Mapped["Author"] = relationship(back_populates="books")
    editor: Mapped["Author"] = relationship(back_populates="edited")
    critic: Mapped["Author"] = relationship()
    tags: Mapped[list["Tag"]] = relationship(back_populates="books", secondary="book_tags")
    chapters: Mapped[list["Chapter"]] = relationship()

class Comic(Book):
    pass

class Chapter(Base):
    __tablename__ = "chapters"
    book: Mapped["Book"] = relationship()

class Tag(Base):
    __tablename__ = "tags"
    books: Mapped[list["Book"]] = relationship(back_populates="tags", secondary="book_tags")

class Shelf(Base):
    __tablename__ = "shelves"

class Box(Base):
    __tablename__ = "boxes"

class House(Base):
    __tablename__ = "houses"
    author: Mapped["Author"] = relationship(back_populates="house")

class Citizen(Base):
    __tablename__ = "citizens"
    passport: Mapped["Passport"] = relationship(back_populates="holder")

class Passport(Base):
    __tablename__ = "passports"
    holder_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    holder: Mapped["Citizen"] = relationship(back_populates="passport")

class Node(Base):
    __tablename__ = "nodes"
    parent: Mapped["Node"] = relationship(back_populates="children")
    children: Mapped[list["Node"]] = relationship(back_populates="parent")
    left: Mapped["Node"] = relationship()
    right: Mapped["Node"] = relationship()
`

func TestIsReverse(t *testing.T) {
	p := parse(t, map[string]string{"models.py": pathModels})
	for _, c := range []struct {
		collection, back string
		want             bool
		why              string
	}{
		{"Author.books", "Book.author", true, "both say so"},
		{"Author.edited", "Book.editor", true, "the many-to-one says so"},
		{"Author.praised", "Book.critic", true, "the collection says so"},
		{"Author.books", "Book.editor", false, "another foreign key"},
		{"Author.edited", "Book.author", false, "another foreign key"},
		{"Author.shelves", "Shelf.owner", true, "a backref by name"},
		{"Author.boxes", "Box.owner", true, "a backref by call"},
		{"Author.shelves", "Box.owner", false, "the backref of another relationship"},
		{"Book.chapters", "Chapter.book", false, "nothing says so: two relationships that do not know each other"},
		{"Book.author", "Author.books", false, "the author of one book has other books too"},
		{"Book.tags", "Tag.books", false, "many-to-many: a tag has other books too"},
		{"Author.house", "House.author", false, "no foreign key is seen"},
		{"Citizen.passport", "Passport.holder", true, "a one-to-one, from the side without the foreign key"},
		{"Passport.holder", "Citizen.passport", false, "a one-to-one, from the side with the foreign key"},
		{"Node.children", "Node.parent", true, "within one class"},
		{"Node.parent", "Node.children", false, "siblings"},
		{"Comic.tags", "Tag.books", false, "inherited"},
		{"Author.books", "Comic.author", true, "read from a subclass"},
	} {
		_, collection := p.relationship(t, c.collection)
		_, back := p.relationship(t, c.back)
		if got := IsReverse(collection, back); got != c.want {
			t.Errorf("%s is the reverse of %s: %v, want %v (%s)", c.back, c.collection, got, c.want, c.why)
		}
	}
}

func TestStep(t *testing.T) {
	p := parse(t, map[string]string{"models.py": pathModels})
	for _, c := range []struct{ name, steps, want string }{
		{"one", "Book.chapters", "chapters"},
		{"several", "Author.books Book.chapters", "books.chapters"},
		{"the reverse goes back", "Author.books Book.author", ""},
		{"and on from there", "Author.books Book.author Author.edited", "edited"},
		{"below a step", "Book.editor Author.books Book.author", "editor"},
		{"there and back again is a step", "Book.author Author.books", "author.books"},
		{"a subclass reads it too", "Author.books Comic.author", ""},
		{"twice", "Node.parent Node.parent", "parent.parent"},
		{"three times is without end", "Node.parent Node.parent Node.parent", "parent*"},
		{"and stays so", "Node.parent Node.parent Node.parent Node.parent Node.parent", "parent*"},
		{"below a step, without end", "Node.left Node.parent Node.parent Node.parent", "left.parent*"},
		{"behind what has no end", "Node.parent Node.parent Node.parent Node.left", "parent*.left"},
		{"what has no end is no reverse", "Node.children Node.children Node.children Node.parent", "children*.parent"},
		{"by turns", "Node.left Node.right Node.left Node.right Node.left Node.right", "left.right.left.right.left.right"},
		{"by turns for ever", "Node.left Node.right Node.left Node.right Node.left Node.right Node.left", "nowhere"},
	} {
		t.Run(c.name, func(t *testing.T) {
			at, ok := p.walk(t, &table{}, nil, strings.Fields(c.steps)...)
			got := spell(at)
			if !ok {
				got = "nowhere"
			}
			if got != c.want {
				t.Errorf("%s is %q, want %q", c.steps, got, c.want)
			}
		})
	}
}

func TestStepKeepsReverse(t *testing.T) {
	p := parse(t, map[string]string{"models.py": pathModels})
	forgetting := map[*mapper.Relationship]mapper.Strategy{}
	for _, r := range p.index.Relationships {
		forgetting[r] = mapper.Raise
	}
	at, _ := p.walk(t, &table{forgetting: forgetting}, nil, "Author.books", "Book.author")
	if got := spell(at); got != "books.author" {
		t.Errorf("the path is %q", got)
	}
}

// TestPathKeys: a path is one pointer; the class that a relationship is read from tells paths apart, but not what loads
// them.
func TestPathKeys(t *testing.T) {
	p := parse(t, map[string]string{"models.py": pathModels})
	tab := &table{}
	a, _ := p.walk(t, tab, nil, "Author.books", "Book.chapters")
	b, _ := p.walk(t, tab, nil, "Author.books", "Book.chapters")
	comic, _ := p.walk(t, tab, nil, "Author.books", "Comic.chapters")
	if a != b {
		t.Error("the same steps are two paths")
	}
	if a == comic {
		t.Error("the subclass makes no path of its own")
	}
	if a.rels != comic.rels {
		t.Errorf("the same relationships are %q and %q", a.rels, comic.rels)
	}
	once, _ := p.walk(t, tab, nil, "Node.parent")
	forever, _ := p.walk(t, tab, nil, "Node.parent", "Node.parent", "Node.parent")
	if once.rels == forever.rels {
		t.Error("a step that repeats has the key of one that does not")
	}
}

func TestExtend(t *testing.T) {
	p := parse(t, map[string]string{"models.py": pathModels})
	tab := &table{}
	for _, c := range []struct{ name, start, more, want string }{
		{"nothing behind nothing", "", "", ""},
		{"nothing", "Author.books", "", "books"},
		{"behind nothing", "", "Author.books Book.chapters", "books.chapters"},
		{"behind a step", "Book.author", "Author.edited Book.chapters", "author.edited.chapters"},
		{"the reverse", "Author.books", "Book.author Author.edited", "edited"},
		{"without end", "Node.left", "Node.parent Node.parent Node.parent", "left.parent*"},
		{"without end, behind nothing", "", "Node.parent Node.parent Node.parent", "parent*"},
		{"without end twice", "Node.parent Node.parent Node.parent", "Node.parent Node.parent Node.parent", "parent*"},
		{"behind what has no end", "Node.parent Node.parent Node.parent", "Node.left", "parent*.left"},
		{"too long", "Node.left Node.right Node.left Node.right", "Node.left Node.right Node.left Node.right", "nowhere"},
	} {
		t.Run(c.name, func(t *testing.T) {
			start, _ := p.walk(t, tab, nil, strings.Fields(c.start)...)
			more, _ := p.walk(t, tab, nil, strings.Fields(c.more)...)
			at, ok := tab.extend(start, more)
			got := spell(at)
			if !ok {
				got = "nowhere"
			}
			if got != c.want {
				t.Errorf("%q and %q is %q, want %q", c.start, c.more, got, c.want)
			}
		})
	}
}

// TestPathBounds walks at random over classes that lead everywhere: paths end, and walking behind nothing is the path.
func TestPathBounds(t *testing.T) {
	p := parse(t, map[string]string{"models.py": pathModels})
	type edge struct {
		class *pymodule.Class
		rel   *mapper.Relationship
	}
	from := map[*pymodule.Class][]edge{}
	for _, name := range []string{"Author", "Book", "Chapter", "Tag", "Node", "House"} {
		c := p.class(t, name)
		for _, r := range p.index.All(c) {
			if r.Target != nil {
				from[c] = append(from[c], edge{c, r})
			}
		}
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 0))
			tab := &table{}
			ended := 0
			for range 300 {
				var at *path
				class := p.class(t, []string{"Author", "Node"}[random.IntN(2)])
				for range 4 * maxPath {
					edges := from[class]
					if len(edges) == 0 {
						break
					}
					e := edges[random.IntN(len(edges))]
					next, ok := tab.step(at, e.class, e.rel)
					if !ok {
						ended++
						break
					}
					at, class = next, e.rel.Target
					if at.len() > maxPath || len(at.steps()) != at.len() {
						t.Fatalf("%s is %d steps, over the bound of %d", spell(at), at.len(), maxPath)
					}
					same := map[*mapper.Relationship]int{}
					for _, s := range at.steps() {
						if same[s.rel]++; same[s.rel] > maxSame {
							t.Fatalf("%s has %s more than %d times", spell(at), s.rel.Name, maxSame)
						}
					}
					if again, ok := tab.extend(nil, at); !ok || again != at {
						t.Fatalf("%s behind nothing is %s", spell(at), spell(again))
					}
				}
			}
			if ended == 0 {
				t.Error("no walk came to an end")
			}
		})
	}
}
