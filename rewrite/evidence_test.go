package rewrite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/lazyfix/lazyfix/rewrite"
)

const tree = `from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Node(Base):
    __tablename__ = "node"
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("node.id"))
    children: Mapped[list["Node"]] = relationship(lazy="raise_on_sql")


async def first(session, field):
    node = await session.scalar(select(Node))
    return getattr(node, field)
`

const (
	queryPlace = `{"file": "tree.py", "line": 17, "function": "first", "code": "node = await session.scalar(select(Node))"}`
	readPlace  = `{"file": "tree.py", "line": 18, "function": "first", "code": "return getattr(node, field)"}`
)

func recordedLoad(path, query, read string) string {
	return fmt.Sprintf(`{"kind": "failed", "class": "Node", "attribute": "children", "root": {"name": "Node", "file": "tree.py"}, "path": [%s], "statement": "select", "query": [%s], "read": [%s]}`, path, query, read)
}

// withEvidence runs on the program above.
func withEvidence(t *testing.T, jobs int, records ...string) *rewrite.Result {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, dir, map[string]string{"tree.py": tree, "templates/page.html": "{% for n in nodes %}\n{{ n.children }}\n{% endfor %}\n"})
	var evidence rewrite.Evidence
	text := strings.Join(append([]string{`{"lazyfix": "evidence", "version": 1}`}, records...), "\n")
	if err := evidence.Read("out.jsonl", strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	result, err := rewrite.Run(t.Context(), rewrite.Options{Paths: []string{dir}, Evidence: &evidence, Jobs: jobs})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// A relationship that a run followed again and again is one that repeats without end.
func TestRecordedTree(t *testing.T) {
	child := `"Node.children"`
	result := withEvidence(t, 1, recordedLoad(strings.Repeat(child+", ", 20)+child, queryPlace, readPlace))
	if len(result.Changes) != 1 || !strings.Contains(string(result.Changes[0].New), "select(Node).options(selectinload(Node.children, recursion_depth=-1))") {
		t.Errorf("changes: %v\nevidence: %+v", result.Changes, result.Evidence)
	}
	if len(result.Evidence) != 1 || result.Evidence[0].Status != rewrite.RecordedOnly {
		t.Errorf("evidence: %+v", result.Evidence)
	}
}

// A read in a template is one like others; its place is that of the template.
func TestRecordedTemplate(t *testing.T) {
	page := `{"file": "templates/page.html", "line": 2, "function": "root", "code": "{{ n.children }}"}`
	result := withEvidence(t, 1, recordedLoad(`"Node.children"`, queryPlace, page))
	if len(result.Changes) != 1 || len(result.Evidence) != 1 || result.Evidence[0].Status != rewrite.RecordedOnly {
		t.Fatalf("changes: %v\nevidence: %+v", result.Changes, result.Evidence)
	}
	if at := result.Evidence[0].Why[0].Place; at != (rewrite.Place{File: "templates/page.html", Line: 2, Column: 4}) {
		t.Errorf("read at %v", at)
	}
}

// What no recorder writes is told, or passed over, and edits nothing. The result does not depend on the order of the
// records or the number of workers.
func TestOddRecords(t *testing.T) {
	child := `"Node.children"`
	odd := []string{
		recordedLoad(child, queryPlace, ""),
		recordedLoad(child, "", readPlace),
		recordedLoad(`"children"`, queryPlace, readPlace),
		recordedLoad(`"Node.parent"`, queryPlace, readPlace),
		recordedLoad(`"Other.children"`, `{"file": "../tree.py", "line": 17}`, readPlace),
		recordedLoad(child, `{"file": "tree.py", "line": -5, "function": "first", "code": "x"}`, readPlace),
		recordedLoad(child, `{"file": "tree.py", "line": 999999999, "function": "<lambda>", "code": ""}`, readPlace),
		recordedLoad(child, `{"file": "tree.py", "line": 16, "function": "first", "code": "async def first(session, field):"}`, readPlace),
		recordedLoad(child, `{"file": "templates/page.html", "line": 2, "function": "root", "code": "{{ n.children }}"}`, `{"file": "templates/page.html", "line": 2, "function": "root", "code": "{{ n.children }}"}`),
		`{"kind": "loaded", "attribute": "children", "path": ["Node.children"]}`,
	}
	result := withEvidence(t, 1, odd...)
	if len(result.Changes) > 0 {
		t.Errorf("changes: %s", result.Changes[0].New)
	}
	seen := map[rewrite.EvidenceStatus]int{}
	for _, e := range result.Evidence {
		seen[e.Status]++
	}
	for _, status := range []rewrite.EvidenceStatus{rewrite.NoQuery, rewrite.Stale, rewrite.Elsewhere} {
		if seen[status] == 0 {
			t.Errorf("nothing is %s: %v", status, seen)
		}
	}
	for _, p := range result.Problems {
		if !p.Warning {
			t.Errorf("problem: %+v", p)
		}
	}
	reversed := make([]string, len(odd))
	for i, one := range odd {
		reversed[len(odd)-1-i] = one
	}
	other := withEvidence(t, 3, reversed...)
	if !reflect.DeepEqual(result.Evidence, other.Evidence) || !reflect.DeepEqual(result.Findings, other.Findings) || !reflect.DeepEqual(result.Problems, other.Problems) {
		t.Errorf("another order gives another result:\n%+v\n%+v", result.Evidence, other.Evidence)
	}
}
