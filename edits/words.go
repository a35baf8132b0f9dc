package edits

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// Span is bytes of a text, half open.
type Span struct{ Start, End int }

// maxWords bounds the words, old and new together, that [Words] compares.
const maxWords = 4000

// Words says which bytes of two texts are not in both, word by word, for colour: a word is letters, digits and
// underscores, blanks in one line, or any other single character. It says nothing, neither in old nor in new, where the
// two have nothing in common but blanks and punctuation, as then all is new, and where they are too long. No span begins
// or ends inside of a character.
func Words(old, new string) (inOld, inNew []Span) {
	codes := map[string]rune{}
	oldWords, newWords := splitWords(old), splitWords(new)
	if len(oldWords)+len(newWords) > maxWords {
		return nil, nil
	}
	library := diffmatchpatch.New()
	library.DiffTimeout = 0
	diffs := library.DiffMainRunes(encode(oldWords, codes), encode(newWords, codes), false)
	common := false
	oldAt, newAt := 0, 0
	for _, d := range diffs {
		n := utf8.RuneCountInString(d.Text)
		switch d.Type {
		case diffmatchpatch.DiffEqual:
			for _, w := range oldWords[:n] {
				common = common || isWord(w)
			}
			oldAt, oldWords = oldAt+size(oldWords[:n]), oldWords[n:]
			newAt, newWords = newAt+size(newWords[:n]), newWords[n:]
		case diffmatchpatch.DiffDelete:
			inOld = append(inOld, Span{oldAt, oldAt + size(oldWords[:n])})
			oldAt, oldWords = oldAt+size(oldWords[:n]), oldWords[n:]
		case diffmatchpatch.DiffInsert:
			inNew = append(inNew, Span{newAt, newAt + size(newWords[:n])})
			newAt, newWords = newAt+size(newWords[:n]), newWords[n:]
		}
	}
	if !common {
		return nil, nil
	}
	return inOld, inNew
}

// encode gives each distinct word a rune: the library compares runes, and no byte can be harmed. The runes begin in a
// private area and pass no surrogate.
func encode(words []string, codes map[string]rune) []rune {
	out := make([]rune, len(words))
	for i, w := range words {
		if codes[w] == 0 {
			codes[w] = 0xE000 + rune(len(codes))
		}
		out[i] = codes[w]
	}
	return out
}

func splitWords(text string) []string {
	var words []string
	for len(text) > 0 {
		first, n := utf8.DecodeRuneInString(text)
		if class := classOf(first); class != 0 {
			if end := strings.IndexFunc(text, func(r rune) bool { return classOf(r) != class }); end >= 0 {
				n = end
			} else {
				n = len(text)
			}
		}
		words = append(words, text[:n])
		text = text[n:]
	}
	return words
}

// classOf is what goes together in one word; 0 stands alone.
func classOf(r rune) int {
	switch {
	case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_':
		return 1
	case r == ' ' || r == '\t':
		return 2
	}
	return 0
}

func isWord(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return classOf(r) == 1
}

func size(words []string) int {
	n := 0
	for _, w := range words {
		n += len(w)
	}
	return n
}
