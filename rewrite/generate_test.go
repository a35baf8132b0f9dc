package rewrite_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// generator writes random programs: models that lead to each other, and functions that query, read, loop, group, hand on
// and return. They mean nothing, but each name is bound and has the type that it is used with.
type generator struct {
	*rand.Rand
	models    []model
	functions []function
}

// model is a class with relationships to any of the others.
type model struct {
	name string
	rels []rel
}

type rel struct {
	name   string
	target int
	many   bool
}

// function takes a session, and an object when takes is a model; it returns objects of one.
type function struct {
	takes   int // -1 for none
	returns kind
}

// kind is what a variable holds.
type kind struct {
	model int
	many  bool
}

// variable is a name in a function.
type variable struct {
	name string
	kind
}

// generate is a program of so many functions, twenty a module, by path.
func generate(seed uint64, functions int) map[string]string {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 0))}
	for i := range 4 + g.IntN(4) {
		g.models = append(g.models, model{name: fmt.Sprintf("Model%d", i)})
	}
	for range functions {
		f := function{takes: g.IntN(len(g.models)+2) - 2, returns: kind{g.IntN(len(g.models)), g.IntN(2) == 0}}
		f.takes = max(f.takes, -1)
		g.functions = append(g.functions, f)
	}
	files := map[string]string{"app/__init__.py": "", "app/models.py": g.modelsFile()}
	for first := 0; first < functions; first += 20 {
		files[moduleOf(first)] = g.moduleFile(first, min(first+20, functions))
	}
	return files
}

func moduleOf(f int) string { return fmt.Sprintf("app/part%d.py", f/20) }

func (g *generator) modelsFile() string {
	bodies := make([]strings.Builder, len(g.models))
	add := func(from, to int, many bool, back, lazy string) string {
		m := &g.models[from]
		name := fmt.Sprintf("rel%d", len(m.rels))
		m.rels = append(m.rels, rel{name, to, many})
		annotation := fmt.Sprintf(`"Model%d"`, to)
		if many {
			annotation = fmt.Sprintf(`list["Model%d"]`, to)
		}
		if back != "" {
			back = fmt.Sprintf("back_populates=%q, ", back)
		}
		fmt.Fprintf(&bodies[from], "    %s: Mapped[%s] = relationship(%slazy=%q)\n", name, annotation, back, lazy)
		return name
	}
	lazy := func() string { return []string{"raise_on_sql", "raise_on_sql", "select", "joined"}[g.IntN(4)] }
	for i := range g.models {
		for range 1 + g.IntN(2) {
			to := g.IntN(len(g.models))
			if g.IntN(2) == 0 {
				add(i, to, g.IntN(2) == 0, "", lazy())
				continue
			}
			back := len(g.models[to].rels)
			if i == to {
				back++
			}
			name := add(i, to, true, fmt.Sprintf("rel%d", back), lazy())
			add(to, i, false, name, lazy())
		}
	}
	var b strings.Builder
	b.WriteString("from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship\n\n\nclass Base(DeclarativeBase):\n    pass\n")
	for i, m := range g.models {
		fmt.Fprintf(&b, "\n\nclass %s(Base):\n    __tablename__ = %q\n    id: Mapped[int] = mapped_column(primary_key=True)\n%s", m.name, strings.ToLower(m.name), bodies[i].String())
	}
	return b.String()
}

func (g *generator) moduleFile(first, end int) string {
	var bodies strings.Builder
	imports := map[int]bool{}
	for f := first; f < end; f++ {
		g.function(&bodies, f, imports)
	}
	var b strings.Builder
	b.WriteString("from sqlalchemy import select\nfrom sqlalchemy.orm import selectinload\n\nfrom app.models import ")
	for i, m := range g.models {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(m.name)
	}
	b.WriteString("\n")
	for _, f := range slices.Sorted(maps.Keys(imports)) {
		if f < first || f >= end {
			fmt.Fprintf(&b, "from %s import function%d\n", strings.ReplaceAll(strings.TrimSuffix(moduleOf(f), ".py"), "/", "."), f)
		}
	}
	return b.String() + bodies.String()
}

func (g *generator) function(b *strings.Builder, number int, imports map[int]bool) {
	f := g.functions[number]
	var known []variable
	parameter := ""
	if f.takes >= 0 {
		parameter = ", given"
		if g.IntN(2) == 0 {
			parameter += ": " + g.models[f.takes].name
		}
		known = append(known, variable{"given", kind{f.takes, false}})
	}
	fmt.Fprintf(b, "\n\nasync def function%d(session%s):\n", number, parameter)
	for range 2 + g.IntN(5) {
		known = g.statement(b, "    ", known, imports, 0)
	}
	for _, v := range slices.Backward(known) {
		if v.kind == f.returns {
			fmt.Fprintf(b, "    return %s\n", v.name)
			return
		}
	}
	fmt.Fprintf(b, "    return %s\n", g.query(f.returns))
}

func (g *generator) query(k kind) string {
	name := g.models[k.model].name
	stmt := fmt.Sprintf("select(%s)", name)
	if rels := g.models[k.model].rels; len(rels) > 0 && g.IntN(4) == 0 {
		stmt += fmt.Sprintf(".options(selectinload(%s.%s))", name, rels[g.IntN(len(rels))].name)
	}
	if g.IntN(2) == 0 {
		stmt += fmt.Sprintf(".where(%s.id > %d)", name, g.IntN(9))
	}
	if k.many {
		return fmt.Sprintf("(await session.scalars(%s)).unique().all()", stmt)
	}
	return fmt.Sprintf("await session.scalar(%s)", stmt)
}

// statement writes one at random. What it binds comes to those known, unless it stands in a block of its own.
func (g *generator) statement(b *strings.Builder, indent string, known []variable, imports map[int]bool, depth int) []variable {
	name := fmt.Sprintf("v%d", len(known))
	bind := func(k kind, format string, args ...any) []variable {
		fmt.Fprintf(b, indent+name+" = "+format+"\n", args...)
		return append(slices.Clip(known), variable{name, k})
	}
	var v variable
	if len(known) > 0 {
		v = known[g.IntN(len(known))]
	}
	choice := g.IntN(12)
	if len(known) == 0 || choice < 2 {
		k := kind{g.IntN(len(g.models)), g.IntN(2) == 0}
		return bind(k, "%s", g.query(k))
	}
	rels := g.models[v.model].rels
	switch {
	case choice < 4: // a call, with an argument where it takes one
		n := g.IntN(len(g.functions))
		f := g.functions[n]
		argument := ""
		if f.takes >= 0 {
			i := slices.IndexFunc(known, func(v variable) bool { return v.kind == kind{f.takes, false} })
			if i < 0 {
				return known
			}
			argument = ", " + known[i].name
		}
		imports[n] = true
		return bind(f.returns, "await function%d(session%s)", n, argument)
	case v.many && choice < 6 && depth < 2:
		fmt.Fprintf(b, "%sfor item%d in %s:\n", indent, len(known), v.name)
		inner := append(slices.Clip(known), variable{fmt.Sprintf("item%d", len(known)), kind{v.model, false}})
		for range 1 + g.IntN(2) {
			inner = g.statement(b, indent+"    ", inner, imports, depth+1)
		}
		fmt.Fprintf(b, "%s    print(%s)\n", indent, inner[len(inner)-1].name)
	case choice < 7 && depth < 2:
		fmt.Fprintf(b, "%sif %s:\n", indent, v.name)
		inner := g.statement(b, indent+"    ", known, imports, depth+1)
		fmt.Fprintf(b, "%s    print(%s)\n", indent, inner[len(inner)-1].name)
	case v.many && choice < 8:
		return bind(v.kind, "list({x.id: x for x in %s}.values())", v.name)
	case v.many && len(rels) > 0:
		r := rels[g.IntN(len(rels))]
		if r.many {
			return bind(kind{r.target, true}, "[y for x in %s for y in x.%s]", v.name, r.name)
		}
		return bind(kind{r.target, true}, "[x.%s for x in %s]", r.name, v.name)
	case !v.many && len(rels) > 0:
		r := rels[g.IntN(len(rels))]
		if !r.many && r.target == v.model && choice < 10 {
			fmt.Fprintf(b, "%swhile %s.%s:\n%s    %s = %s.%s\n", indent, v.name, r.name, indent, v.name, v.name, r.name)
			return known
		}
		return bind(kind{r.target, r.many}, "%s.%s", v.name, r.name)
	default:
		fmt.Fprintf(b, "%sprint(%s)\n", indent, v.name)
	}
	return known
}
