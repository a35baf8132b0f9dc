package loadflow

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// formatField is a field of a format string: {order.customer.name}, {0.items}, {0[items]}, {}.
var formatField = regexp.MustCompile(`\{(\w*)((?:\.\w+|\[[^\]{}]*\])*)`)

// formatStep is one step of a field, from an attribute or a key to the next.
var formatStep = regexp.MustCompile(`\.\w+|\[[^\]]*\]`)

// format reads what "{order.customer.name}".format(order=order) does. Owner is what is known of the text besides.
func (x *interp) format(owner value, text pysyntax.Node, name string, args *arguments, n pysyntax.Node) {
	if name != "format" {
		return
	}
	if x.t.Text(text) == "str" && len(owner) == 0 && len(args.posNodes) > 0 { // str.format(text, order=order)
		x.format(args.pos[0], args.posNodes[0], name, args.withoutFirst(), n)
		return
	}
	texts := wordsIn(owner) // of an instance that was given it
	known := len(texts) > 0
	t, text := x.formatText(text)
	if t.Is(text, pysyntax.String, pysyntax.ConcatenatedString) {
		texts, known = []string{t.Text(text)}, true
	} else if !known && t == x.t {
		texts, known = x.textsKept(text)
	}
	if len(texts) == 0 {
		x.unnamedFormat(owner, args, n)
	}
	if !known && (t != x.t || x.paramNamed(text) < 0) { // of a parameter the callers' strings are told as words
		x.formatsAny(owner, args, n)
	}
	for _, text := range texts {
		for _, field := range formatFields(text) {
			v := join(args.get(field.position, field.argument), x.viewedBy(args.views, field.argument, n))
			for _, attribute := range field.attributes {
				if key, ok := strings.CutPrefix(attribute, "["); ok {
					v = x.underKeyOf(v, key, n)
				} else {
					v = x.member(v, attribute, n)
				}
			}
			x.printed(v, formatMethods, n)
		}
	}
}

// underKeyOf is {0[items]}, "%(items)s" % of: what dictionaries have under a key, and what classes of the program give for it.
func (x *interp) underKeyOf(of value, key string, n pysyntax.Node) value {
	var out value
	for _, a := range of {
		switch a.kind {
		case mapping:
			out = join(out, a.under(key), x.readOfDict(a, key, n))
		case instance, object:
			out = join(out, x.calledForKey(a, key, n))
		case tuple, collection:
			if i, err := strconv.Atoi(key); err == nil {
				out = join(out, x.nth(one(a), i, n))
			}
		}
	}
	return out
}

// percentKey is a key in the text of "%(items)s" % view.
var percentKey = regexp.MustCompile(`%\((\w+)\)`)

// percent reads what "%(items)s" % view asks a view for, or a dictionary with __missing__.
func (x *interp) percent(left pysyntax.Node, right value, n pysyntax.Node) {
	if !slices.ContainsFunc(right, func(a *atom) bool { return x.isView(a) || x.givesMissing(a) }) {
		return
	}
	t, text := x.formatText(left)
	if !t.Is(text, pysyntax.String, pysyntax.ConcatenatedString) {
		return
	}
	for _, m := range percentKey.FindAllStringSubmatch(t.Text(text), -1) {
		x.printed(x.viewedBy(right, m[1], n), stringMethods, n)
	}
}

// fieldOfFormat is {order.customer.name} or {0.customer}: the argument that it is of, by its place or, where that is -1, its name. Its
// attributes are names, or keys behind "[".
type fieldOfFormat struct {
	position   int
	argument   string
	attributes []string
}

func formatFields(text string) []fieldOfFormat {
	var out []fieldOfFormat
	next := 0
	plain := strings.NewReplacer("{{", "", "}}", "").Replace(text)
	for _, m := range formatField.FindAllStringSubmatch(plain, -1) {
		i, err := strconv.Atoi(m[1])
		if m[1] == "" {
			i, next = next, next+1
		} else if err != nil {
			i = -1
		}
		var steps []string
		for _, step := range formatStep.FindAllString(m[2], -1) {
			steps = append(steps, strings.TrimSuffix(strings.TrimPrefix(step, "."), "]"))
		}
		out = append(out, fieldOfFormat{i, m[1], steps})
	}
	return out
}

// formatText is the string that format() is called on: that which stands there, or that of the variable of a function, module
// or class that is named.
func (x *interp) formatText(n pysyntax.Node) (*pysyntax.Tree, pysyntax.Node) {
	for x.t.Kind(n) == pysyntax.ParenthesizedExpression {
		n = x.t.First(n)
	}
	dotted, ok := pymodule.DottedName(x.t, n)
	if !ok {
		return x.t, n
	}
	if _, local := x.env[dotted]; local {
		if given := x.givenBy(n); len(given) > 0 {
			if x.isLocalText(n) && (len(given) > 1 || x.isBuiltUp(n) || !x.t.Is(given[0], pysyntax.String, pysyntax.ConcatenatedString)) {
				return x.t, n
			}
			return x.t, given[0]
		}
	}
	s := x.a.g.ResolveIn(x.m, nil, x.u.key.fn, dotted)
	if own, name, _ := strings.Cut(dotted, "."); (own == "self" || own == "cls") && x.u.key.recv != nil {
		s = x.a.classMember(x.u.key.recv, name)
	}
	if s.Kind != pymodule.VariableSymbol {
		return x.t, n
	}
	return s.Variable.Module.Tree, s.Variable.Value
}
