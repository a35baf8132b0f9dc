package edits

import (
	"fmt"
	"strings"
)

// quoteName spells a file name as git does in a patch with its default
// core.quotePath: in double quotes with C escapes where it holds a quote, a
// backslash, a control byte or a byte beyond ASCII, else as it is.
func quoteName(name string) string {
	var b strings.Builder
	plain := true
	for i := range len(name) {
		c := name[i]
		if esc, ok := escape(c); ok {
			b.WriteString(esc)
			plain = false
		} else {
			b.WriteByte(c)
		}
	}
	if plain {
		return name
	}
	return `"` + b.String() + `"`
}

func escape(c byte) (string, bool) {
	if c == '"' || c == '\\' {
		return `\` + string(rune(c)), true
	}
	if c >= '\a' && c <= '\r' {
		return `\` + string("abtnvfr"[c-'\a']), true
	}
	if c < ' ' || c >= 0x7f {
		return fmt.Sprintf(`\%03o`, c), true
	}
	return "", false
}

// endName adds the tab that git puts behind a name with a space on the --- and
// +++ lines, where a reader would else look for a date.
func endName(quoted string) string {
	if strings.Contains(quoted, " ") {
		return quoted + "\t"
	}
	return quoted
}
