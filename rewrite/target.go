package rewrite

import (
	"cmp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// targetForm is how a place takes loader options.
type targetForm uint8

const (
	chainTarget      targetForm = iota // node is a statement: .options(...) on its chain
	keywordTarget                      // node is a call: its keyword argument name
	positionalTarget                   // node is a call: more positional arguments
	listTarget                         // node is a list or tuple: the options that a helper returns
	wrapTarget                         // node is an expression that gives options: [*node, ...], or is one: [node, ...]
)

// target is one place that takes loader options, and all that wants options there.
type target struct {
	form     targetForm
	name     string
	module   *pymodule.Module
	function *pymodule.Function
	node     pysyntax.Node
	wants    []want
	// opens are the sites of a shared function that does not take loader options yet, and must be made to: its query, or each
	// call on the way to one.
	opens []*loadflow.Site
	// inLine: within its statement something else is edited, so that this edit must not wrap it.
	inLine bool
}

// want is a need of a demand at a target. Loaded is how many of its first steps the queries of the target load already:
// need.Loaded, or less where another need of the same path has less. The Flow stays as it is.
type want struct {
	demand *loadflow.Demand
	need   *loadflow.Need
	loaded int
	path   string // its pathKey
}

func wantOf(d *loadflow.Demand, need *loadflow.Need) want {
	return want{d, need, need.Loaded, pathKey(d, need)}
}

// opensToo takes in what another want of the target needs opened.
func (t *target) opensToo(sites []*loadflow.Site) {
	for _, s := range sites {
		if !slices.Contains(t.opens, s) {
			t.opens = append(t.opens, s)
		}
	}
}

type targetKey struct {
	form   targetForm
	module *pymodule.Module
	node   pysyntax.Node
}

func (t *target) key() targetKey { return targetKey{t.form, t.module, t.node} }

// add takes a need in. Of two with the same path the one with less loaded counts; one that is the beginning of another
// is dropped.
func (t *target) add(d *loadflow.Demand, need *loadflow.Need) {
	more := wantOf(d, need)
	path := more.path
	for i, w := range t.wants {
		other := w.path
		if other == path || strings.HasPrefix(other, path+".") {
			t.wants[i].loaded = min(w.loaded, need.Loaded)
			return
		}
		if strings.HasPrefix(path, other+".") {
			t.wants[i] = more
			t.dropBeginnings(path)
			return
		}
	}
	t.wants = append(t.wants, more)
}

// dropBeginnings leaves of the wants that path goes on from only path itself.
func (t *target) dropBeginnings(path string) {
	kept := t.wants[:0]
	for _, w := range t.wants {
		if !strings.HasPrefix(path, w.path+".") {
			kept = append(kept, w)
		}
	}
	t.wants = kept
}

// pathKey tells loader paths apart: the entity and the relationships. Those of two subclasses may have one name.
func pathKey(d *loadflow.Demand, need *loadflow.Need) string {
	out := need.Steps[0].Class.Qual
	if d.Site.Kind == loadflow.SelectSite && d.Entity < len(d.Site.Entities) {
		out = d.Site.Module.Tree.Text(d.Site.Entities[d.Entity].Expr) + "#" + out
	}
	for _, s := range need.Steps {
		out += "." + s.Rel.Name
		if s.Rel.Owner != nil {
			out += "@" + strconv.Itoa(s.Rel.Owner.Module.Index) + "/" + s.Rel.Owner.Name
		}
	}
	return out
}

// targetOf says where the option for a need goes, or why nowhere.
func (p *program) targetOf(d *loadflow.Demand, need *loadflow.Need) (*target, string) {
	site := d.Site
	switch {
	case site.Generic && site.Function != nil:
		return nil, "its query in " + site.Function.Qual + " serves several models"
	case d.Entity < len(site.Entities) && site.Entities[d.Entity].Class == nil:
		return nil, "which models its query serves is not known"
	case site.Handed != "":
		return nil, site.Handed
	case site.Via != nil && site.Via.Handed != "" && site.Param == "":
		return nil, site.Via.Handed
	case p.repopulates(site, need):
		return nil, "its query populates existing objects: an option would load " + pathText(need.Steps) + " anew, and drop what was loaded of it before"
	case site.ImportTime:
		return nil, "its query runs when its module is imported, where a loader option can break the mappers"
	case site.Told != "" && (len(need.Steps) > 1 || p.onSubclass(d, need)):
		return nil, "its query is told by " + site.Told + " what to load, which goes no further than the object's own relationships"
	case site.Kind == loadflow.GetSite && len(d.Options) > 0 && takesKeywords(site.Module.Tree, site.Node):
		return nil, "its call is given options by what stands behind **"
	}
	if name := p.givenBehind(site); name != "" {
		return nil, "its call is given " + name + "= by what stands behind **"
	}
	if f := site.Function; isPassedOn(site) && site.Param == "" && f != nil && takesAnyKeyword(f) &&
		site.Module.Tree.Text(site.Module.Tree.Child(site.Node, pysyntax.FieldFunction)) == "super()."+f.Name {
		if next := nextSite(site); next != nil && next.Function != nil && !p.takesOut(site) { // who calls what it overrides comes to give some
			return nil, "its call is given " + p.optionsParameter(next.Function) + "= by what stands behind **"
		}
	}
	if isPassedOn(site) {
		if why := cmp.Or(p.byMethodCaller(site), valueRefuses(site)); why != "" {
			return nil, why
		}
		if other := p.refuses(site); site.Param != "" && other != nil {
			return nil, callsToo(other)
		}
	}
	later := isPassedOn(site) && site.Param == "" && p.takesOptionsLater(site)
	opens := isPassedOn(site) && site.Param == "" && !later
	if opens {
		if why := p.cannotOpen(site); why != "" {
			return nil, why
		}
	}
	if why := p.subclassRefused(d, need); why != "" {
		return nil, why
	}
	t := &target{form: chainTarget, module: site.Module, function: site.Function, node: site.Node}
	switch {
	case site.Kind == loadflow.GetSite:
		t.form, t.name = keywordTarget, "options"
		t.wrapVariable(t.module.Tree.Keyword(t.node, "options"))
	case opens:
		t.opens = []*loadflow.Site{nextSite(site)}
		t.form, t.name = keywordTarget, p.optionsParameter(t.opens[0].Function)
	case isPassedOn(site) && !later:
		if why := p.argumentTarget(t, d); why != "" {
			return nil, why
		}
	}
	return t, p.editable(t.module, t.node)
}

// takesKeywords reports whether a call passes on keyword arguments that others chose: session.get(Order, key, **kwargs).
func takesKeywords(t *pysyntax.Tree, call pysyntax.Node) bool {
	return hasChild(t, t.Child(call, pysyntax.FieldArguments), pysyntax.DictionarySplat)
}

func hasChild(t *pysyntax.Tree, n pysyntax.Node, kind pysyntax.Kind) bool {
	for c := range t.Children(n) {
		if t.Kind(c) == kind {
			return true
		}
	}
	return false
}

// givenBehind is the keyword for loader options that the program puts among those which a call passes on, "" where it does not:
// list_and_count(statement=..., **kwargs) in a method that somebody calls with load=[...]. A second one is a TypeError. Where the
// called function is yet to be opened it is what that will take.
func (p *program) givenBehind(site *loadflow.Site) string {
	if site.Kind != loadflow.CallSite || !takesKeywords(site.Module.Tree, site.Node) {
		return ""
	}
	name := site.Param
	if next := nextSite(site); name == "" && isPassedOn(site) && next != nil && next.Function != nil {
		name = p.optionsParameter(next.Function)
	}
	switch {
	case name == "" || site.Module.Tree.Keyword(site.Node, name) != pysyntax.Nil || p.takesOut(site):
	case p.handsOnGiven(site.Module, site.Node, givenKeyword{keyword: name}), site.Function != nil && p.isGiven(site.Function.Name, name, false):
		return name
	}
	return ""
}

// wrapVariable makes options=opts a place that takes more: options=[*opts, ...].
func (t *target) wrapVariable(value pysyntax.Node) {
	if value != pysyntax.Nil && t.module.Tree.Is(value, pysyntax.Identifier, pysyntax.Attribute, pysyntax.Call, pysyntax.ConditionalExpression, pysyntax.BooleanOperator) {
		t.form, t.node = wrapTarget, value
	}
}

// argumentTarget finds where a call that takes loader options gets them from: a list at the call, the list that a helper
// returns, or an expression that is put into a list. Where the call gives nothing and the called function has options of its own
// for that, it is their list, or why there is none: an argument would take them away.
func (p *program) argumentTarget(t *target, d *loadflow.Demand) (why string) {
	name, star := strings.CutPrefix(d.Site.Param, "*")
	if star {
		t.form = positionalTarget
		if slices.ContainsFunc(d.Options, func(o *loadflow.Option) bool { return o.Default }) {
			return p.defaultTarget(t, d, name)
		}
		return ""
	}
	t.form, t.name = keywordTarget, name
	tree := t.module.Tree
	if p.takesOneLoader(d.Site, name) && (len(d.Needs) > 1 || d.Needs[0].Loaded == 0) && !p.takesListToo(d, name) {
		return "its call takes a single loader option"
	}
	if done, why := p.partialTarget(t, d, name); done {
		return why
	}
	value, unseen := givenOptions(d.Site, name)
	if unseen {
		return "its call may be given " + name + "= by what stands behind *"
	}
	byPosition := value != pysyntax.Nil && tree.Kind(tree.Parent(value)) != pysyntax.KeywordArgument
	for tree.Kind(value) == pysyntax.ParenthesizedExpression {
		value = tree.First(value)
	}
	switch {
	case value == pysyntax.Nil || tree.Kind(value) == pysyntax.None:
		why := p.defaultTarget(t, d, name)
		if t.form == keywordTarget && byPosition {
			t.form, t.node = wrapTarget, value
		}
		return why
	case tree.Is(value, pysyntax.List, pysyntax.Tuple, pysyntax.Set):
		t.form, t.node = listTarget, value
	default:
		if list, o := p.helperList(tree, value, d); list != pysyntax.Nil {
			t.form, t.module, t.function, t.node = listTarget, o.Module, o.Func, list
		} else {
			t.form, t.node = wrapTarget, value
		}
	}
	return ""
}

// defaultTarget makes the options that the called function has by default the target, where it has such.
func (p *program) defaultTarget(t *target, d *loadflow.Demand, param string) (why string) {
	const taken = "its query loads by default what it would not with options of this call"
	via := d.Site.Via
	for _, o := range d.Options {
		if !o.Default {
			continue
		}
		list := o.Module.Tree.Enclosing(o.Node, pysyntax.List, pysyntax.Tuple, pysyntax.FunctionDefinition)
		if o.Func == nil || !o.Module.Tree.Is(list, pysyntax.List, pysyntax.Tuple) || via == nil || via.Generic { // without via, of each call of a library's repository
			return taken
		}
		t.form, t.module, t.function, t.node = listTarget, o.Module, o.Func, list
		return ""
	}
	if via == nil || via.Function == nil || via.Function.ParamIndex(param) < 0 {
		return ""
	}
	tree, value := via.Function.Module.Tree, via.Function.Params[via.Function.ParamIndex(param)].Default
	if tree.Is(value, pysyntax.List, pysyntax.Tuple) && tree.First(value) == pysyntax.Nil || value == pysyntax.Nil || tree.Kind(value) == pysyntax.None {
		return ""
	}
	return taken
}

// helperList is the list or tuple display from which the options of a call such as `repo.get_eager_options()` come.
func (p *program) helperList(tree *pysyntax.Tree, value pysyntax.Node, d *loadflow.Demand) (pysyntax.Node, *loadflow.Option) {
	if tree.Kind(value) != pysyntax.Call {
		return pysyntax.Nil, nil
	}
	called := pymodule.Last(tree.Text(tree.Child(value, pysyntax.FieldFunction)))
	for _, o := range d.Options {
		if o.Func == nil || o.Func.Name != called || !slices.ContainsFunc(d.Options, func(other *loadflow.Option) bool {
			return other.Func == o.Func && len(other.Steps) == 1
		}) { // one of that name may give what stands below another's: joinedload(Refund.order).options(*orders.get_eager_options())
			continue
		}
		t := o.Module.Tree
		for n := t.Parent(o.Node); n != pysyntax.Nil && n != o.Func.Node; n = t.Parent(n) {
			if t.Is(n, pysyntax.List, pysyntax.Tuple) && t.Is(t.Parent(n), pysyntax.ReturnStatement, pysyntax.Assignment) {
				return n, o
			}
			if t.Is(n, pysyntax.ReturnStatement, pysyntax.Block) {
				break
			}
		}
	}
	return pysyntax.Nil, nil
}

// rootOf spells the entity at the target: as the statement does, or by the class where it says self.model.
func (p *program) rootOf(t *target, w want, top, local *[]pyedit.Import) (root, hint, why string) {
	site := w.demand.Site
	class := w.need.Steps[0].Class
	if w.demand.Entity < len(site.Entities) {
		entity := site.Entities[w.demand.Entity]
		if entity.Class != nil && !p.onSubclass(w.demand, w.need) {
			class = entity.Class
		}
		if name, ok := pymodule.DottedName(site.Module.Tree, entity.Expr); ok && t.module == site.Module && t.form != listTarget && !p.onSubclass(w.demand, w.need) {
			s := p.graph.ResolveIn(site.Module, nil, site.Function, name)
			first, _, _ := strings.Cut(name, ".")
			isParam := site.Function != nil && site.Function.ParamIndex(first) >= 0
			if s.Kind == pymodule.ClassSymbol || !isParam && !strings.Contains(name, ".") {
				return name, name, ""
			}
		}
		if entity.Alias { // measured: an option of the class is an ArgumentError
			return "", "", "its query selects an alias, which has no name where the option goes"
		}
	}
	s, why := p.spellClass(t.module, t.function, t.node, class, "")
	if why != "" {
		return "", "", why
	}
	*top, *local = append(*top, s.top...), append(*local, s.local...)
	return s.text, s.text, ""
}

// deepenable is the expression of the option that ends where the need begins, if it stands in the target's function; Nil
// when there is none.
func (p *program) deepenable(t *target, w want) pysyntax.Node {
	steps := w.need.Steps
	if w.loaded == 0 || w.loaded == len(steps) {
		return pysyntax.Nil
	}
	found := pysyntax.Nil
	for _, other := range t.wants {
		for _, o := range other.demand.Options {
			switch {
			case o.Module.Tree.Kind(o.Node) != pysyntax.Call || !saysStep(o): // a name, or an attribute
			case o.Module != t.module || o.Func != t.function || len(o.Steps) != w.loaded || !o.Begins(steps, w.loaded) || o.Node == found:
			case !p.ownOption(t, o, w), found != pysyntax.Nil && enclosing(t.module.Tree, o.Node) != enclosing(t.module.Tree, found):
				return pysyntax.Nil // of the other branch: what is needed must go along with either
			case found == pysyntax.Nil:
				found = o.Node
			}
		}
	}
	return found
}

// isOne reports whether the expression that gives options is one itself: load=selectinload(Order.items).
func (t *target) isOne() bool {
	return slices.ContainsFunc(t.wants, func(w want) bool {
		return slices.ContainsFunc(w.demand.Options, func(o *loadflow.Option) bool { return o.Module == t.module && o.Node == t.node })
	})
}

// placeOptions adds options to the target in the form that it takes.
func (p *program) placeOptions(t *target, options []string) ([]edits.Edit, error) {
	tree, style := t.module.Tree, p.styles.of(t.module)
	if t.inLine {
		style.Width = 0
	}
	sort.Strings(options)
	switch t.form {
	case keywordTarget:
		return pyedit.AddToListKeyword(tree, t.node, t.name, options, style)
	case positionalTarget:
		return pyedit.AddPositional(tree, t.node, options, style)
	case listTarget:
		return pyedit.AddToList(tree, t.node, options, style)
	case wrapTarget:
		text := tree.Text(t.node)
		if tree.Kind(t.node) == pysyntax.None { // given by position
			return pyedit.PutInList(tree, t.node, options[0], options[1:], style), nil
		}
		if p.mayBeNone(t) {
			text = orNothing(tree, t.node)
		} else if !tree.Is(t.node, pysyntax.Identifier, pysyntax.Attribute, pysyntax.Call, pysyntax.Subscript) {
			text = "(" + text + ")"
		}
		if !t.isOne() {
			text = "*" + text
		}
		return pyedit.PutInList(tree, t.node, text, options, style), nil
	}
	return pyedit.AddOptions(tree, t.node, options, style)
}
