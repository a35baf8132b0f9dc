package rewrite

import _ "embed"

//go:embed lazy_values.txt
var lazyValues string

// LazyValues is what each value of lazy= does under asyncio, as text with a table. TestLazyValues of cmd/lazyfix holds the
// table against SQLAlchemy.
func LazyValues() string { return lazyValues }
