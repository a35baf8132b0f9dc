// Command docs writes what is made from the code in this folder: rules.md, lazy-values.md and the picture review.svg. Run
// it from the repository's root with make docs; a test fails when one is stale.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite"
)

const generated = "<!-- Made by make docs. -->\n\n"

func main() {
	all, err := pages()
	for name, text := range all {
		if err == nil {
			err = os.WriteFile(filepath.Join("docs", name), []byte(text), 0o644)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// pages are the texts by file name.
func pages() (map[string]string, error) {
	shown, err := picture("app/repositories/orders.py:18:45")
	return map[string]string{
		"rules.md":       rules(rewrite.Rules()),
		"lazy-values.md": generated + "# The values of lazy= under asyncio\n\n" + markdown(rewrite.LazyValues()),
		"review.svg":     shown,
	}, err
}

func rules(all []rewrite.Rule) string {
	var out strings.Builder
	out.WriteString(generated + "# Rules\n\n`lazyfix rule NAME` prints the same. Safe rules write with `--write`, unsafe ones need `--unsafe` too,\nand reports write nothing.\n\n")
	out.WriteString("| rule | safety | |\n|---|---|---|\n")
	for _, r := range all {
		fmt.Fprintf(&out, "| [%s](#%s) | %s | %s |\n", r.Name, r.Name, r.Safety, markdown(r.Summary))
	}
	for _, r := range all {
		fmt.Fprintf(&out, "\n## %s\n\n%s (%s).\n\n%s\n", r.Name, markdown(r.Summary), r.Safety, markdown(strings.TrimSpace(r.Doc)))
		if strings.TrimSpace(r.Before) == strings.TrimSpace(r.After) {
			fmt.Fprintf(&out, "\n```python\n%s\n```\n", strings.Trim(r.Before, "\n"))
			continue
		}
		fmt.Fprintf(&out, "\nBefore:\n```python\n%s\n```\nAfter:\n```python\n%s\n```\n", strings.Trim(r.Before, "\n"), strings.Trim(r.After, "\n"))
	}
	return out.String()
}

// markdown makes plain text say the same in Markdown. Code between backquotes, and rows of tables, are Markdown already.
func markdown(text string) string {
	parts := strings.Split(text, "`")
	for i := 0; i < len(parts); i += 2 {
		parts[i] = strings.NewReplacer("*", `\*`, "<", "&lt;").Replace(parts[i])
	}
	return strings.Join(parts, "`")
}
