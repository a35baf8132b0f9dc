package loadflow

// How much work an analysis may be. maxRounds bounds how often functions are interpreted again, but not what a round costs: where all
// comes together in a few places, each function handles all there is, and a round takes minutes. So the work is counted, in a
// measure that knows no clock: the same program is cut at the same round on any machine. A cut is reported (Flow.Settled).

// maxEffort bounds the attributes and calls that are evaluated, together with the atoms that these give. Twice what the largest of a
// hundred programs takes until it settles (agenta, 26,000 functions in their contexts: 7.7 million); what was seen to go beyond are
// the tests and plugins of workflow engines.
const maxEffort = 16_000_000

// weighed is v, counted as what an attribute or a call gave.
func (x *interp) weighed(v value) value {
	x.out.effort += 1 + len(v)
	return v
}
