package loadflow

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// formatField is a field of a format string: {order.customer.name}, {0.items}, {}.
var formatField = regexp.MustCompile(`\{(\w*)((?:\.\w+)*)`)

// format reads what "{order.customer.name}".format(order=order) does. The string stands there, or is a constant of a module.
func (x *interp) format(text pysyntax.Node, name string, args *arguments, n pysyntax.Node) {
	if name != "format" {
		return
	}
	t := x.t
	if dotted, ok := pymodule.DottedName(t, text); ok {
		s := x.a.g.ResolveIn(x.m, nil, x.u.key.fn, dotted)
		if _, local := x.env[dotted]; local {
			text = x.givenBy(text)
		} else if s.Kind == pymodule.VariableSymbol {
			t, text = s.Variable.Module.Tree, s.Variable.Value
		}
	}
	if !t.Is(text, pysyntax.String, pysyntax.ConcatenatedString) {
		return
	}
	next := 0
	plain := strings.NewReplacer("{{", "", "}}", "").Replace(t.Text(text))
	for _, m := range formatField.FindAllStringSubmatch(plain, -1) {
		i, err := strconv.Atoi(m[1])
		if m[1] == "" {
			i, next = next, next+1
		} else if err != nil {
			i = -1
		}
		v := args.get(i, m[1])
		for _, attribute := range strings.Split(m[2], ".") {
			if attribute != "" {
				v = x.member(v, attribute, n)
			}
		}
		x.printed(v, formatMethods, n)
	}
}
