package rewrite_test

import "testing"

// TestRefreshes runs the archives of fixtures/refresh: refreshes of new objects that are written by the session that has them, and
// asked about first where it may not. Their functions make their sessions themselves, or get several, which run.py of fixtures/rules
// has none of: what SQLAlchemy says of such refreshes is in refresh_guard.go.
func TestRefreshes(t *testing.T) {
	out := &outputs{}
	t.Run("cases", func(t *testing.T) {
		for _, path := range archives(t, "../fixtures/refresh/*.txtar") {
			for _, p := range readCases(t, path) {
				p.unsafe = true
				t.Run(p.name, func(t *testing.T) {
					t.Parallel()
					p.check(t, out)
				})
			}
		}
	})
	out.compile(t)
}
