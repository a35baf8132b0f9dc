package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// keyWord is the word that a key of a dictionary display is, where it names a relationship or a path over one:
// NESTED = {"items": ItemSerializer}, of which each is read by getattr(order, name). It is none of the options that a list of names stands for: most
// dictionaries with such keys are data.
func (x *interp) keyWord(key pysyntax.Node) value {
	name := pymodule.StringValue(x.t, key)
	if !x.a.isRead(name) {
		return x.pathIn(name)
	}
	return one(x.a.t.word(name))
}

// otherKeys are the keys of a dictionary display that has words among its keys and others besides, VIEWS = {"items": items_of, "people": people_of}:
// of VIEWS[key] where key is one of these both are meant. One that names a method is a word, any other one is another string.
func (x *interp) otherKeys(n pysyntax.Node, keys value) value {
	if len(wordsIn(keys)) == 0 {
		return nil
	}
	var out value
	for c := range x.t.Children(n) {
		key := x.t.Child(c, pysyntax.FieldKey)
		if x.t.Kind(c) != pysyntax.Pair || len(x.keyWord(key)) > 0 {
			continue
		}
		if name := pymodule.StringValue(x.t, key); x.a.isMethod(name) {
			out = join(out, one(x.a.t.word(name)))
		} else {
			out = join(out, one(x.a.t.word("")))
		}
	}
	return out
}

// isAnother reports whether a value may be a string that is no word.
func (x *interp) isAnother(v value) bool {
	for _, a := range v {
		if a == x.a.t.word("") {
			return true
		}
	}
	return false
}
