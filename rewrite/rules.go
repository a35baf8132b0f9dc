package rewrite

// Rule is one thing that lazyfix looks for. The texts are shown by `lazyfix rule` and docs/rules.md is made from them.
type Rule struct {
	Name    string
	Summary string // one line
	Doc     string // what it does, why, how safe it is, which SQLAlchemy; plain text with blank lines between paragraphs
	Before  string // Python
	After   string // Python
	Safety  string // "safe", "unsafe" or "report"
}

// Rules is the fixed list of rules.
func Rules() []Rule { return nil }
