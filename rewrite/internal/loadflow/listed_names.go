package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// An annotation may list the names by which attributes are read:
//
//	async def listing(session, by: Literal["number", "customer"] = "number"):
//		return sorted(await session.scalars(select(Order)), key=lambda order: str(getattr(order, by)))
//
// All of them are words of a parameter or a field by which the program reads, here or in what it is handed to, if one of them names
// a relationship: so a comparison tells them apart. Of an Enum they are its members: listed_member.go. What a call spells is that
// alone.

// nameTakers are the parameters by which attributes are read, and what their annotations and those of such fields say.
type nameTakers struct {
	params map[*pymodule.Function]map[int]bool
	types  map[string]bool
}

// maxHanded bounds through how many functions a name is followed to the one that reads by it.
const maxHanded = 4

func findNameTakers(g *pymodule.Graph, uses map[string]stringUse) nameTakers {
	out := nameTakers{map[*pymodule.Function]map[int]bool{}, map[string]bool{}}
	readers := findPathReaders(g)
	for range maxHanded {
		more := false
		for _, f := range g.Functions {
			more = out.find(f, readers) || more
		}
		if !more {
			break
		}
	}
	for f, params := range out.params {
		for i := range params {
			out.say(f.Module.Tree, f.Params[i].Annotation)
		}
	}
	for _, m := range g.Modules {
		for _, c := range m.Classes {
			for _, f := range c.Fields {
				if uses[f.Name].names {
					out.say(m.Tree, f.Annotation)
				}
			}
		}
	}
	return out
}

// find adds the parameters of a function, and reports whether there are any that were not known.
func (k nameTakers) find(f *pymodule.Function, readers pathReaders) bool {
	t, more := f.Module.Tree, false
	for n := range t.Within(f.Body) {
		if t.Kind(n) != pysyntax.Identifier {
			continue
		}
		i := plainParam(f, t.Text(n))
		if i < 0 || k.params[f][i] || !takesName(t, n, f.Body, readers) {
			continue
		}
		if k.params[f] == nil {
			k.params[f] = map[int]bool{}
		}
		k.params[f][i], more = true, true
		readers[f.Name] = append(readers[f.Name], argumentAt(f, i))
	}
	return more
}

// takesName reports whether attributes are read by what a name holds, by the value of the member that it holds, or by each in the
// list.
func takesName(t *pysyntax.Tree, n, body pysyntax.Node, readers pathReaders) bool {
	if up := t.Parent(n); t.Kind(up) == pysyntax.Attribute && t.Field(n) == pysyntax.FieldObject && t.Text(t.Child(up, pysyntax.FieldAttribute)) == "value" {
		n = up
	}
	or := withAlternatives(t, n)
	return namesAttribute(t, or) || readsByPath(t, n) || readers.read(t, n) || readsSplit(t, or, body) || readsEach(t, n, body)
}

// say adds the names in an annotation.
func (k nameTakers) say(t *pysyntax.Tree, annotation pysyntax.Node) {
	if annotation == pysyntax.Nil {
		return
	}
	for n := range t.Within(annotation) {
		if t.Is(n, pysyntax.Identifier, pysyntax.StringContent) {
			k.types[strings.TrimSpace(t.Text(n))] = true
		}
	}
}

// listing is what an annotation lists.
type listing struct {
	names []string
	other bool // it may be any other string, too
	none  bool // it may be None
	many  bool // list[Literal["items", "notes"]]
}

// listed is what a type lists, in a module.
func (a *analysis) listed(typ *pymodule.Type, m *pymodule.Module, c *pymodule.Class, depth int) listing {
	var out listing
	if typ == nil || depth > maxType {
		return out
	}
	of := func(typ *pymodule.Type) {
		l := a.listed(typ, m, c, depth+1)
		out.names = append(out.names, l.names...)
		out.other, out.none, out.many = out.other || l.other, out.none || l.none, out.many || l.many
	}
	switch typ.Kind {
	case pymodule.TypeNone:
		out.none = true
	case pymodule.TypeUnion:
		for _, arg := range typ.Args {
			of(arg)
		}
	case pymodule.TypeName:
		v := a.g.ResolveIn(m, c, nil, typ.Name).Variable
		if v == nil || v.Value == pysyntax.Nil { // str
			out.other = true
			break
		}
		t := v.Module.Tree
		if t.Kind(v.Aliased()) == pysyntax.Subscript { // SortBy = Literal["number", "customer"]
			return a.listed(a.parseType(t.Text(v.Aliased())), v.Module, v.Class, depth+1)
		}
		out.other = true
	case pymodule.TypeSubscript:
		switch pymodule.Last(typ.Name) {
		case "Literal":
			for _, arg := range typ.Args {
				switch arg.Kind {
				case pymodule.TypeName:
					out.names = append(out.names, arg.Name)
				case pymodule.TypeNone:
					out.none = true
				default:
					out.other = true
				}
			}
		case "Optional":
			out.none = true
			fallthrough
		case "Annotated", "Required", "NotRequired", "Final":
			if len(typ.Args) > 0 {
				of(typ.Args[0])
			}
		case "Union":
			for _, arg := range typ.Args {
				of(arg)
			}
		case "list", "List", "set", "Set", "frozenset", "tuple", "Tuple", "Sequence", "Iterable", "Collection":
			if len(typ.Args) > 0 {
				of(typ.Args[0])
			}
			out.many = true
		default:
			out.other = true
		}
	default:
		out.other = true
	}
	return out
}

// wordsListed are the words for what an annotation lists, none where no name is that of a relationship or leads over one.
func (x *interp) wordsListed(l listing) value {
	reads := func(name string) bool { return x.a.isRead(name) || len(x.pathIn(name)) > 0 }
	if !slices.ContainsFunc(l.names, reads) {
		return nil
	}
	var out value
	for _, name := range l.names {
		if len(l.names) > maxSplit-2 && !reads(name) {
			name = ""
		}
		out = join(out, one(x.a.t.word(name)))
	}
	switch {
	case l.many:
		return x.a.t.collection(out)
	case l.other:
		out = join(out, one(x.a.t.word("")))
	}
	if l.none {
		out = join(out, one(x.a.t.flag(false)))
	}
	return out
}

// listedParameter are the words that the annotation of a parameter lists.
func (x *interp) listedParameter(f *pymodule.Function, i int) value {
	p := f.Params[i]
	if p.Annotation == pysyntax.Nil || !x.a.nameTakers().params[f][i] {
		return nil
	}
	t := f.Module.Tree
	l := x.a.listed(x.a.parseType(t.Text(p.Annotation)), f.Module, f.Class, 0)
	l.none = l.none || p.Default != pysyntax.Nil && t.Kind(p.Default) == pysyntax.None
	return x.wordsListed(l)
}

// listedField are those that the annotation of a field lists.
func (x *interp) listedField(c *pymodule.Class, name string) value {
	if !x.a.stringUses()[name].names {
		return nil
	}
	for b := range x.a.g.Lineage(c) {
		if f := b.Field(name); f != nil && f.Annotation != pysyntax.Nil {
			return x.wordsListed(x.a.listed(x.a.parseType(f.Module.Tree.Text(f.Annotation)), f.Module, b, 0))
		}
	}
	return nil
}

// byListed narrows by a comparison with one of the names, or of the members of an Enum.
func (x *interp) byListed(e env, condition pysyntax.Node) (then, rest env, ok bool) {
	name, how, words := wordComparison(x.t, condition)
	if name == pysyntax.Nil || !slices.ContainsFunc(e[x.t.Text(name)], isListed) {
		return nil, nil, false
	}
	var among value
	for _, w := range words {
		if s := pymodule.StringValue(x.t, w); s != "" {
			among = join(among, one(x.a.t.word(s)))
			continue
		}
		v := x.quiet(w)
		if len(v) != 1 || !isMember(v[0]) {
			return nil, nil, false
		}
		among = join(among, v)
		if s, _ := v[0].args.attribute("value"); x.a.isString(v[0].class) {
			among = join(among, s)
		}
	}
	for _, a := range among { // a member that is a string is equal to it
		for _, b := range e[x.t.Text(name)] {
			if s, _ := b.args.attribute("value"); isMember(b) && x.a.isString(b.class) && slices.Contains(s, a) {
				among = join(among, one(b))
			}
		}
	}
	holds := x.without(e, x.t.Text(name), func(a *atom) bool { return isListed(a) && !slices.Contains(among, a) })
	fails := x.without(e, x.t.Text(name), func(a *atom) bool { return isListed(a) && slices.Contains(among, a) })
	if how == "!=" || how == "not in" || how == "is not" {
		return fails, holds, true
	}
	return holds, fails, true
}

// isListed reports whether an atom is a name, or a member of an Enum that stands for one.
func isListed(a *atom) bool { return len(wordsIn(one(a))) > 0 || isMember(a) }
