package rewrite

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What is given to a reader of signatures, or may be, is told by its name where nothing is known of it: any get() of the program for
// repo.get. Operation.get of an enumeration is known, and no function.

// isNoFunction reports whether what a name stands for is known: a function, which is noted itself, a class, or what is no function.
func (s *signatureSearch) isNoFunction(symbol pymodule.Symbol) bool {
	switch {
	case symbol.Function != nil:
		return true
	case symbol.Variable == nil || symbol.Variable.Value == pysyntax.Nil:
		return false
	}
	v := symbol.Variable
	return isLiteral(v.Module.Tree, v.Value) || s.isMember(v)
}

// isLiteral reports whether an expression is a text, a number or another constant.
func isLiteral(t *pysyntax.Tree, n pysyntax.Node) bool {
	return t.Is(n, pysyntax.String, pysyntax.ConcatenatedString, pysyntax.Integer, pysyntax.Float, pysyntax.True, pysyntax.False, pysyntax.None)
}

// isMember reports whether a variable is a member of an enumeration by auto().
func (s *signatureSearch) isMember(v *pymodule.Variable) bool {
	return v.Class != nil && v.Module.Tree.Kind(v.Value) == pysyntax.Call &&
		slices.ContainsFunc(s.g.MRO(v.Class), func(b pymodule.Base) bool { return strings.HasPrefix(b.External, "enum.") }) &&
		pymodule.Last(v.Module.Tree.Text(v.Module.Tree.Child(v.Value, pysyntax.FieldFunction))) == "auto"
}
