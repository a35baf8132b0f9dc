package rewrite

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// The pages of sqladmin load what they name, of objects whose session is closed: ModelView.get_prop_value() takes getattr() of
// one name after the other, and where that says DetachedInstanceError it goes on inside of run_sync(), or in a thread where the
// session is a sync one. It loads by options the relationships that column_list names by themselves, and on the page of details
// those of the form, since 0.32 those of the page instead (read and run, 0.20 to 0.32). Hence these load themselves today:
// what stands behind a dot, what properties and proxies read, and on the page of details what is not in the form.
// Formatters, __str__ and forms read outside of run_sync(), where nothing loads. Searching and sorting read no object.
//
// starlette-admin reads with getattr() on its event loop alone: under an AsyncSession, which it has then, nothing loads there.

// adminPage is a page of a model's view: the attribute that names its columns, and the method that gives its query.
type adminPage struct {
	shows string // can_view_details
	lists string // column_details_list
	less  string // column_details_exclude_list
	query []string
	every bool // lists everything where nothing is said
	loads string
}

var adminPages = []adminPage{
	{lists: "column_list", less: "column_exclude_list", query: []string{"list_query"}, loads: "column_list"},
	{lists: "column_export_list", less: "column_export_exclude_list", query: []string{"list_query"}, loads: "column_list", shows: "can_export"},
	{lists: "column_details_list", less: "column_details_exclude_list", query: []string{"details_query", "form_details_query", "form_edit_query"},
		every: true, loads: "form_columns", shows: "can_view_details"},
}

// findAdmin holds what pages of sqladmin load.
func (h *held) findAdmin() {
	var methods map[string][]*pymodule.Function
	for _, m := range h.graph.Modules {
		for _, c := range m.Classes {
			model := h.adminModel(c)
			if model == nil {
				continue
			}
			if methods == nil {
				methods = h.methodsOfModels()
			}
			for _, p := range adminPages {
				h.page(&adminView{held: h, class: c, model: model, methods: methods}, p)
			}
		}
	}
}

// adminModel is the mapped class that a view of sqladmin is for: class OrderAdmin(ModelView, model=Order).
func (h *held) adminModel(c *pymodule.Class) *pymodule.Class {
	isView, model := false, (*pymodule.Class)(nil)
	for _, b := range h.graph.MRO(c) {
		if b.Class == nil {
			isView = isView || strings.HasPrefix(b.External, "sqladmin.") && pymodule.Last(b.External) == "ModelView"
			continue
		}
		said := b.Class.Keywords["model"]
		if said == pysyntax.Nil || model != nil {
			continue
		}
		if name, ok := pymodule.DottedName(b.Class.Module.Tree, said); ok {
			model = h.graph.ResolveIn(b.Class.Module, b.Class.Outer, b.Class.Function, name).Class
		}
	}
	if mapped := h.index.Class(model); !isView || mapped == nil || !mapped.Mapped {
		return nil
	}
	return model
}

type adminView struct {
	*held
	class, model *pymodule.Class
	methods      map[string][]*pymodule.Function
}

// adminColumn is a name in a list of columns, "customer.name", and where it stands.
type adminColumn struct {
	name   string
	module *pymodule.Module
	at     pysyntax.Node
	list   string
}

// page notes what one page loads itself.
func (h *held) page(v *adminView, p adminPage) {
	if shows := v.field(p.shows); shows != nil && shows.Module.Tree.Text(shows.Value) == "False" {
		return
	}
	names := v.columns(p.lists, p.less, p.every)
	loaded := map[*mapper.Relationship]bool{}
	for _, c := range v.columns(p.loads, "form_excluded_columns", p.loads == "form_columns") {
		if r := h.index.Relationship(v.model, c.name); r != nil {
			loaded[r] = true
		}
	}
	for _, method := range p.query {
		f := h.graph.ClassMember(v.class, method).Function
		if f == nil {
			continue
		}
		code := loadingCode{module: f.Module, function: f, node: f.Body}
		if p.loads == "form_columns" && !strings.Contains(f.Module.Tree.Text(f.Body), "super()") { // only its own query loads the form's
			clear(loaded)
		}
		for _, r := range h.index.All(v.model) {
			if h.optioned(code, r) {
				loaded[r] = true
			}
		}
		break
	}
	for _, c := range names {
		v.path(c, v.model, strings.Split(c.name, "."), loaded)
	}
}

// field is what the view or a base says for a name, nil without.
func (v *adminView) field(name string) *pymodule.Variable {
	return v.graph.ClassMember(v.class, name).Variable
}

// columns are those of a list; where nothing is said, all relationships of the model less those excluded if every one is shown.
func (v *adminView) columns(list, less string, every bool) []adminColumn {
	if said := v.field(list); said != nil && said.Value != pysyntax.Nil {
		if pymodule.StringValue(said.Module.Tree, said.Value) != "__all__" {
			return v.named(nil, said.Module, said.Class, said.Value, list, 0)
		}
		return v.all(said.Module, said.Value, list)
	}
	if said := v.field(less); said != nil && said.Value != pysyntax.Nil {
		out := v.named(nil, said.Module, said.Class, said.Value, less, 0)
		return slices.DeleteFunc(v.all(said.Module, said.Value, less), func(c adminColumn) bool {
			return slices.ContainsFunc(out, func(x adminColumn) bool { return x.name == c.name })
		})
	}
	if every {
		return v.all(v.class.Module, v.class.Node, list)
	}
	return nil
}

func (v *adminView) all(m *pymodule.Module, at pysyntax.Node, list string) []adminColumn {
	var out []adminColumn
	for _, r := range v.index.All(v.model) {
		out = append(out, adminColumn{r.Name, m, at, list})
	}
	return out
}

// named are the names in a list: strings, Order.customer, and lists that are added to it by their names.
func (v *adminView) named(out []adminColumn, m *pymodule.Module, in *pymodule.Class, n pysyntax.Node, list string, depth int) []adminColumn {
	t := m.Tree
	switch t.Kind(n) {
	case pysyntax.String:
		return append(out, adminColumn{pymodule.StringValue(t, n), m, n, list})
	case pysyntax.Attribute, pysyntax.Identifier:
		name, ok := pymodule.DottedName(t, n)
		if !ok || depth > 8 {
			return out
		}
		if owner, attribute, dotted := strings.Cut(name, "."); dotted {
			if s := v.graph.ResolveIn(m, in, nil, owner); s.Kind == pymodule.ClassSymbol && v.index.Class(s.Class) != nil {
				return append(out, adminColumn{attribute, m, n, list})
			}
		}
		if s := v.graph.ResolveIn(m, in, nil, name).Variable; s != nil && s.Value != pysyntax.Nil {
			return v.named(out, s.Module, s.Class, s.Value, list, depth+1)
		}
	case pysyntax.List, pysyntax.Tuple, pysyntax.Set, pysyntax.BinaryOperator, pysyntax.ParenthesizedExpression, pysyntax.ListSplat:
		for c := range t.Children(n) {
			out = v.named(out, m, in, c, list, depth)
		}
	}
	return out
}

// path notes what reading a path of names loads, of an object of a class.
func (v *adminView) path(c adminColumn, class *pymodule.Class, names []string, loaded map[*mapper.Relationship]bool) {
	for i, name := range names {
		if class == nil {
			return
		}
		if synonym, ok := v.index.SynonymOf(class, name); ok {
			name = synonym
		}
		if first, second, ok := v.index.Proxied(class, name); ok {
			v.path(c, class, append([]string{first, second}, names[i+1:]...), loaded)
			return
		}
		r := v.index.Relationship(class, name)
		if r == nil {
			for _, of := range v.graph.Family(class) {
				if f := v.graph.ClassMember(of, name).Function; f != nil && v.index.Other(of, name) != mapper.Method {
					v.property(c, f, loaded)
				}
			}
			return
		}
		if !loaded[r] {
			v.note(r, fmt.Sprintf("%s:%d names it in %s, which sqladmin loads when it reads it", c.module.Path, c.module.Tree.Line(c.at), c.list))
		}
		class, loaded = r.Target, nil
	}
}

// property notes what a property loads when a page shows it.
func (v *adminView) property(c adminColumn, f *pymodule.Function, loaded map[*mapper.Relationship]bool) {
	what := fmt.Sprintf("in what sqladmin shows for %s at %s:%d: %s()", c.list, c.module.Path, c.module.Tree.Line(c.at), f.Name)
	for _, code := range v.withCalled(loadingCode{module: f.Module, function: f, node: f.Body, what: what}, v.methods) {
		code.loads = loaded
		for n := range code.module.Tree.Within(code.node) {
			if code.module.Tree.Kind(n) == pysyntax.Attribute {
				v.read(code, n)
			}
		}
	}
}
