package source

import (
	"path"
	"strings"
	"unicode/utf8"
)

// isTemplate reports whether a file is a Jinja template, by its name: one of Jinja's own endings anywhere, and those of
// what templates make below a folder that says so. Elsewhere an .html is a page, or another language's template. A GraphQL
// schema is read with them: see File.Template.
func isTemplate(name string) bool {
	switch path.Ext(name) {
	case ".j2", ".jinja", ".jinja2", ".graphql", ".graphqls", ".gql":
		return true
	case ".html", ".htm", ".txt", ".xml":
		for folder := path.Dir(name); folder != "." && folder != "/" && folder != ".."; folder = path.Dir(folder) {
			if strings.Contains(strings.ToLower(path.Base(folder)), "template") {
				return true
			}
		}
	}
	return false
}

// maxTemplate bounds a template, in bytes.
const maxTemplate = 1 << 20

// fillTemplate takes what was read as the text of a template. One that is no text is passed over: a folder of templates
// holds other things too.
func (f *File) fillTemplate() *Problem {
	f.WhyNot = "it is no Python"
	if len(f.Content) <= maxTemplate && utf8.Valid(f.Content) {
		f.Text = f.Content
		f.Suppress = suppressions(f.Text)
	}
	return nil
}
