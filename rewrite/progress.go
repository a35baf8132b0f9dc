package rewrite

// Stage is a part of a run that takes time, in order.
type Stage uint8

// The stages.
const (
	Reading   Stage = iota // files
	Parsing                // files
	Following              // functions; how many there are is found out on the way
)

// Progress is how far a stage is.
type Progress struct {
	Stage       Stage
	Done, Total int
}

// tell is Progress for one stage, nil when nobody asks.
func (o Options) tell(stage Stage) func(done, total int) {
	if o.Progress == nil {
		return nil
	}
	return func(done, total int) { o.Progress(Progress{stage, done, total}) }
}
