package pymodule

import "github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"

// IsStub reports whether a function's body only says that others implement it: pass, ..., raise NotImplementedError.
func (f *Function) IsStub() bool {
	t := f.Module.Tree
	for s := range t.Children(f.Body) {
		switch t.Kind(s) {
		case pysyntax.PassStatement, pysyntax.RaiseStatement:
		case pysyntax.ExpressionStatement:
			if !t.Is(t.First(s), pysyntax.String, pysyntax.Ellipsis) {
				return false
			}
		default:
			return false
		}
	}
	return true
}
