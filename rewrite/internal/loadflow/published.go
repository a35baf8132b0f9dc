package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// An endpoint without a response model gives what an object has loaded, all of it (FastAPI's jsonable_encoder, which takes vars()
// of it). So an option that one reader needs shows in the answer of another endpoint, where both have their objects from one query:
//
//	@router.get("/orders/{key}")
//	async def show(key): return await find(key)              # {"id": 1}, and with the option {"id": 1, "customer": {...}}
//
//	async def remind(key): (await find(key)).customer.email
//
// The option is written nonetheless, since the other reader fails without it; who reviews it is told. Keeping it back would leave
// most readers of a program without response models as they are.

// published is an object that an endpoint without a response model returns.
type published struct {
	atom *atom
	by   *pymodule.Function
	node pysyntax.Node // the return
}

// publish notes what such an endpoint returns.
func (x *interp) publish(v value, at pysyntax.Node) {
	for _, a := range flatten(v) {
		if a.kind == object {
			x.out.published = append(x.out.published, published{a, x.u.key.fn, at})
		}
	}
}

// markPublished has the needs of queries say which endpoint shows what is loaded for another function.
func (p *propagation) markPublished(ids []string, demands []*Demand) {
	at := map[siteKey][]*Demand{}
	for _, d := range demands {
		k := siteKey{d.Site, d.Entity}
		at[k] = append(at[k], d)
	}
	for _, id := range ids {
		for _, shown := range p.a.units[id].out.published {
			if p.idle[id] || shown.by.Module.Test() {
				continue
			}
			back := walkBack{p: p, extend: p.a.t.extend, seen: map[partOf]bool{}, end: func(o *origin, path *path) {
				if o.kind == fromSite {
					for _, d := range at[siteKey{o.site, o.entity}] {
						d.publishedAt(path, shown)
					}
				}
			}}
			back.from(shown.atom.origin, shown.atom.path)
		}
	}
}

// publishedAt marks the needs that go on behind a path, but for those of the endpoint's own reads.
func (d *Demand) publishedAt(behind *path, shown published) {
	steps := behind.steps()
	for _, need := range d.Needs {
		here := Hop{Module: shown.by.Module, Node: shown.node, Text: shown.by.Qual}
		if need.Published != nil && !lessHop(here, *need.Published) || len(need.Steps) <= max(len(steps), need.Loaded) {
			continue
		}
		goesOn := true
		for i, s := range steps {
			goesOn = goesOn && need.Steps[i].Rel == s.rel
		}
		t := here.Module.Tree
		read := need.Why[0]
		own := read.Module == here.Module && t.Enclosing(read.Node, pysyntax.FunctionDefinition) == t.Enclosing(here.Node, pysyntax.FunctionDefinition)
		if goesOn && !own {
			need.Published = &here
		}
	}
}
