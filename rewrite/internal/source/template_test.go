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
