package rewrite

import "github.com/lazyfix/lazyfix/rewrite/internal/loadflow"

// A method of a base class runs a statement that each class below it gives:
//
//	async def export(self):
//	    return [self.row(each) for each in await self.session.scalars(self.statement())]
//
// The option of one class's model is an error for the statements of the others, so that it goes to its own.

// atOwnStatements are a demand at its own model's queries where a call on the way gives statements of several: else as it is.
func atOwnStatements(d *loadflow.Demand) []*loadflow.Demand {
	if d.Own == nil {
		return []*loadflow.Demand{d}
	}
	var out []*loadflow.Demand
	for _, s := range append([]*loadflow.Site{d.Own}, d.Beside...) {
		own := *d
		own.Site, own.Own, own.Beside, own.Mixed = s, nil, nil, false
		out = append(out, &own)
	}
	return out
}
