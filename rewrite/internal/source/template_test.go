package source

import "testing"

func TestIsTemplate(t *testing.T) {
	for name, want := range map[string]bool{
		"app/templates/orders/list.html": true, "email_templates/welcome.txt": true, "app/mail.j2": true, "api/schema.graphql": true,
		"app/page.html.jinja2": true, "Templates/a.htm": true, "app/templates/feed.xml": true,
		"web/index.html": false, "README.txt": false, "app/templates/logo.svg": false, "app/templates/tags.py": false,
		"template.html": false,
	} {
		if got := isTemplate(name); got != want {
			t.Errorf("isTemplate(%q) is %v", name, got)
		}
	}
}

func TestTemplatesThatAreNamed(t *testing.T) {
	dir := tree(t, map[string]string{
		"app/a.py":                  "",
		"app/templates/a.html":      "{%- include 'icons/a.svg' -%}{% extends \"none.svg\" %}{% from \"tags.py\" import a %}",
		"app/templates/icons/a.svg": "{% include [\"b.css\", \"a.html\"] %}",
		"app/templates/b.svg":       "", "app/static/b.css": "", "icons/a.svg": "", "a.svg": "", "app/templates/c.css": "",
	})
	l := load(t, Options{Paths: []string{dir}})
	l.expect(t, []string{"app/a.py", "app/static/b.css", "app/templates/a.html", "app/templates/icons/a.svg", "icons/a.svg"})
	for _, f := range l.files {
		if f.Template == (f.Name == "app/a.py") {
			t.Errorf("%s: template %v", f.Name, f.Template)
		}
	}
	l = load(t, Options{Paths: []string{dir}, Exclude: []string{"*.css"}})
	l.expect(t, []string{"app/a.py", "app/templates/a.html", "app/templates/icons/a.svg", "icons/a.svg"})
}
