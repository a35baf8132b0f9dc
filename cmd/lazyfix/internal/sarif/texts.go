package sarif

import (
	"bytes"
	"os"
	"path/filepath"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/lazyfix/lazyfix/rewrite"
)

// texts are the files of the program, for columns: lazyfix counts bytes, a reader of SARIF counts UTF-16 code units.
type texts struct {
	root    string
	content map[string][]byte
}

func newTexts(result *rewrite.Result) *texts {
	t := &texts{result.Root, map[string][]byte{}}
	for _, c := range result.Changes {
		t.know(c.Name, c.Content)
	}
	return t
}

func (t *texts) know(name string, content []byte) { t.content[name] = content }

// of is the content of a file; nil where it cannot be read again (standard input, a file that is gone).
func (t *texts) of(name string) []byte {
	content, ok := t.content[name]
	if !ok {
		content, _ = os.ReadFile(filepath.Join(t.root, filepath.FromSlash(name))) // columns of bytes, then
		t.content[name] = content
	}
	return content
}

// column of a place.
func (t *texts) column(at rewrite.Place) int {
	number := at.Line
	for line := range bytes.Lines(t.of(at.File)) {
		if number--; number == 0 {
			return 1 + units(line[:min(at.Column-1, len(line))])
		}
	}
	return at.Column
}

// position is 1-based.
type position struct{ line, column int }

// at is the position of an offset.
func (t *texts) at(name string, offset int) position {
	before := t.of(name)[:offset]
	start := bytes.LastIndexByte(before, '\n') + 1
	return position{1 + bytes.Count(before, []byte("\n")), 1 + units(before[start:])}
}

// units counts UTF-16 code units; a byte that is not UTF-8 counts as one.
func units(text []byte) int {
	n := 0
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		n += max(utf16.RuneLen(r), 1)
		text = text[size:]
	}
	return n
}
