package loadflow

import (
	filepath "path"
	"regexp"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// The name of a template may be made of what a caller says:
//
//	def send(name, **context):
//	    return env.get_template(f"mail/{name}.html").render(**context)
//	send("welcome", user=user)
//
// The callers' strings are words (word.go), of a parameter or of what an instance was given; each makes a name. One that is known in
// part is none: what is given to its template is reported.

// maxNames bounds the names that one expression makes.
const maxNames = 16

// isTemplateName reports whether a string ends as the names of templates do.
func isTemplateName(name string) bool {
	switch filepath.Ext(name) {
	case ".html", ".htm", ".j2", ".jinja", ".jinja2", ".txt", ".xml":
		return true
	}
	return false
}

// madeName are the templates whose names an expression makes of strings: f"mail/{name}.html", name + ".html", "%s.html" % name,
// "{}.html".format(name).
func (x *interp) madeName(n pysyntax.Node) value {
	if !endsAsTemplate(x.t, n) {
		return nil
	}
	var out value
	for _, name := range x.texts(n) {
		out = join(out, x.templateName(name))
	}
	return out
}

// texts are the strings that an expression may make, none where one of its parts is not known.
func (x *interp) texts(n pysyntax.Node) []string {
	t := x.t
	switch t.Kind(n) {
	case pysyntax.ParenthesizedExpression, pysyntax.Interpolation:
		return x.texts(t.First(n))
	case pysyntax.StringContent:
		return []string{t.Text(n)}
	case pysyntax.String:
		out := []string{""}
		for c := range t.Children(n) {
			if t.Is(c, pysyntax.StringContent, pysyntax.Interpolation) {
				out = each(out, x.texts(c))
			}
		}
		return out
	case pysyntax.BinaryOperator:
		l, r := t.Child(n, pysyntax.FieldLeft), t.Child(n, pysyntax.FieldRight)
		switch strings.TrimSpace(string(t.Source()[t.End(l):t.Start(r)])) {
		case "+":
			return each(x.texts(l), x.texts(r))
		case "%":
			return filled(conversion.Split(pymodule.StringValue(t, l), -1), x.texts(r))
		}
		return nil
	case pysyntax.Call:
		list := t.Child(n, pysyntax.FieldArguments)
		if t.Nth(list, 1) == pysyntax.Nil {
			text := pymodule.StringValue(t, t.Child(t.Child(n, pysyntax.FieldFunction), pysyntax.FieldObject))
			return filled(anyField.Split(text, -1), x.texts(t.ArgumentValue(t.First(list))))
		}
		return nil
	}
	if words := wordsIn(x.quiet(n)); len(words) > 0 {
		return words
	}
	return x.spellings(n)
}

// anyField is a place that format() fills.
var anyField = regexp.MustCompile(`\{[^{}]*\}`)

// filled is a text around one gap, with each of some strings in it; none where there are more gaps.
func filled(around, with []string) []string {
	if len(around) != 2 {
		return nil
	}
	return each([]string{around[0]}, each(with, around[1:]))
}

// each are all of some strings before all of others.
func each(before, behind []string) []string {
	if len(before)*len(behind) > maxNames {
		return nil
	}
	var out []string
	for _, a := range before {
		for _, b := range behind {
			out = append(out, a+b)
		}
	}
	return out
}

// endsAsTemplate reports whether an expression makes a string of others that ends as the names of templates do.
func endsAsTemplate(t *pysyntax.Tree, n pysyntax.Node) bool {
	switch t.Kind(n) {
	case pysyntax.String:
		last := pysyntax.Nil
		for c := range t.Children(n) {
			if t.Is(c, pysyntax.StringContent, pysyntax.Interpolation) {
				last = c
			}
		}
		return last != pysyntax.Nil && t.Kind(last) == pysyntax.StringContent && isTemplateName(t.Text(last))
	case pysyntax.BinaryOperator:
		l, r := t.Child(n, pysyntax.FieldLeft), t.Child(n, pysyntax.FieldRight)
		if strings.TrimSpace(string(t.Source()[t.End(l):t.Start(r)])) == "%" {
			r = l
		}
		return endsAsTemplate(t, r)
	case pysyntax.Call:
		fn := t.Child(n, pysyntax.FieldFunction)
		return t.Text(t.Child(fn, pysyntax.FieldAttribute)) == "format" && endsAsTemplate(t, t.Child(fn, pysyntax.FieldObject))
	}
	return false
}

// makesTemplateName reports whether a name, or an attribute, is a part of an expression that makes a template's name.
func makesTemplateName(t *pysyntax.Tree, name pysyntax.Node) bool {
	part := []pysyntax.Kind{pysyntax.Interpolation, pysyntax.String, pysyntax.BinaryOperator, pysyntax.ParenthesizedExpression}
	for n := t.Parent(name); n != pysyntax.Nil; n = t.Parent(n) {
		if t.Kind(n) == pysyntax.ArgumentList {
			n = t.Parent(n)
		} else if !slices.Contains(part, t.Kind(n)) {
			return false
		}
		if endsAsTemplate(t, n) {
			return true
		}
	}
	return false
}
