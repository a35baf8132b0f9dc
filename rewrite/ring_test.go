package rewrite_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/lazyfix/lazyfix/rewrite"
)

// ring is a program in which the method of each of n models calls those of all, or, schemas, n schemas hold each other.
func ring(n int, schemas bool) map[string]string {
	var models, outs strings.Builder
	models.WriteString("from sqlalchemy.orm import DeclarativeBase, Mapped, relationship\n\n\nclass Base(DeclarativeBase):\n    pass\n")
	outs.WriteString("from pydantic import BaseModel\n")
	for i := range n {
		fmt.Fprintf(&models, "\n\nclass M%d(Base):\n    __tablename__ = \"m%d\"\n", i, i)
		fmt.Fprintf(&outs, "\n\nclass S%d(BaseModel):\n", i)
		calls := ""
		for j := range n {
			fmt.Fprintf(&models, "    r%d: Mapped[\"M%d\"] = relationship(lazy=\"raise_on_sql\")\n", j, j)
			fmt.Fprintf(&outs, "    r%d: \"S%d\"\n", j, j)
			calls += fmt.Sprintf("{self.r%d.text()}", j)
		}
		fmt.Fprintf(&models, "\n    def text(self):\n        return f\"%s\"\n", calls)
	}
	read := "m.text()"
	if schemas {
		read = "S0.model_validate(m)"
	}
	return map[string]string{
		"models.py": models.String(), "outs.py": outs.String(),
		"app.py": "from sqlalchemy import select\n\nfrom models import M0\nfrom outs import S0\n\n\nasync def main(session):\n    m = await session.scalar(select(M0))\n    return " + read + "\n",
	}
}

// TestRing: where everything leads to everything there are more loader paths than can be followed. The run ends, and says
// of which query some are missing, in the same words for any number of workers.
func TestRing(t *testing.T) {
	for _, schemas := range []bool{false, true} {
		for _, n := range []int{2, 4, 8} {
			t.Run(fmt.Sprint(n, " schemas ", schemas), func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				write(t, dir, ring(n, schemas))
				got := listing(run(t, dir, 1).Findings)
				for _, want := range []string{"comes back to itself by M0.r1.r0", "more than 1000 loader paths"} {
					if n < 8 && strings.HasPrefix(want, "more") {
						continue
					}
					if !strings.Contains(got, want) || !strings.Contains(got, "(of the query in app.py, main)") {
						t.Errorf("nothing says %q of the query:\n%s", want, got)
					}
				}
				if again := listing(run(t, dir, 8).Findings); again != got {
					t.Error("8 workers find something else than one")
				}
			})
		}
	}
}

// ending is a context that ends when it has been asked so often.
type ending struct {
	context.Context
	left atomic.Int64
}

func (e *ending) Err() error {
	if e.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// TestEnds: a run that follows many paths asks often whether it is to end, and then does.
func TestEnds(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, dir, ring(6, false))
	ask := func(times int64) (asked int64, err error) {
		ctx := &ending{Context: t.Context()}
		ctx.left.Store(times)
		_, err = rewrite.Run(ctx, rewrite.Options{Paths: []string{dir}, Jobs: 1})
		return times - ctx.left.Load(), err
	}
	asked, err := ask(1 << 40)
	if err != nil {
		t.Fatal(err)
	}
	if asked < 1000 {
		t.Errorf("asked %d times in a run of thousands of paths", asked)
	}
	for i := range int64(20) {
		if after, err := ask(asked * i / 20); !errors.Is(err, context.Canceled) || after > asked*i/20+10 {
			t.Errorf("ended after %d of %d questions, it asked %d times and gave %v", asked*i/20, asked, after, err)
		}
	}
}
