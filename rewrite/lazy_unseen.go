package rewrite

import (
	"bytes"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/source"
)

// findUnseen holds what files that nobody could look into may read by a sync session: all relationships for one that could not
// be read, those that its text names for one that could not be parsed. What Python does not run either (bytes in another
// encoding than it says) reads nothing. A file that is too large for lazyfix is taken for data.
func (h *held) findUnseen() {
	for _, problem := range h.loadProblems {
		if !problem.Unseen {
			continue
		}
		var text []byte
		if i := slices.IndexFunc(h.files, func(f source.File) bool { return f.Name == problem.Path }); i >= 0 {
			text = h.files[i].Text
		}
		why := problem.Path + ", which was not read, may read it by a sync session (exclude it if it does not)"
		for name, all := range h.byName {
			if text != nil && !bytes.Contains(text, []byte("."+name)) {
				continue
			}
			for _, r := range all {
				h.note(r, why)
			}
		}
	}
}
