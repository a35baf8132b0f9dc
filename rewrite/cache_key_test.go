package rewrite

import (
	"context"
	"reflect"
	"testing"
)

// TestCacheKeyOfOptions: an option that is set makes another key, unless it is named here with what makes up for it. Two
// functions make one: as addresses they would tell one start of a position-independent program from the next.
func TestCacheKeyOfOptions(t *testing.T) {
	exempt := map[string]string{
		"Tracked":  "what it gives is among the files",
		"Open":     "what it gives is the content of files",
		"Cache":    "the result does not depend on it",
		"Jobs":     "the result does not depend on it",
		"Progress": "the result does not depend on it",
	}
	set := map[string]any{
		"Tracked":  func(context.Context, string) []string { return nil },
		"Progress": func(Progress) {},
		"Evidence": &Evidence{records: []record{{Kind: "loaded", Path: []string{"Order.items"}}}},
		"Open":     map[string][]byte{"/a.py": []byte("x")},
	}
	key := func(o Options) any {
		p := &program{options: o, styles: newStyles(t.TempDir())}
		return p.cacheKey()
	}
	plain := key(Options{})
	for i := range reflect.TypeFor[Options]().NumField() {
		f := reflect.TypeFor[Options]().Field(i)
		var o Options
		value := reflect.ValueOf(&o).Elem().Field(i)
		if v, ok := set[f.Name]; ok {
			value.Set(reflect.ValueOf(v))
		} else {
			fill(t, f, value)
		}
		if _, ok := exempt[f.Name]; ok == (key(o) != plain) {
			t.Errorf("Options.%s: exempt %v, and the key is another: %v", f.Name, ok, !ok)
		}
		if key(o) != key(o) {
			t.Errorf("Options.%s makes a key of its own each time", f.Name)
		}
	}
	one, two := Evidence{records: []record{{Kind: "loaded"}}}, Evidence{records: []record{{Kind: "failed"}}}
	if key(Options{Evidence: &one}) == key(Options{Evidence: &two}) {
		t.Error("other evidence makes the same key")
	}
}

// fill sets a field to something that it is not by itself.
func fill(t *testing.T, f reflect.StructField, value reflect.Value) {
	t.Helper()
	switch value.Kind() {
	case reflect.Bool:
		value.SetBool(true)
	case reflect.String:
		value.SetString("x")
	case reflect.Int:
		value.SetInt(3)
	case reflect.Slice:
		value.Set(reflect.MakeSlice(value.Type(), 1, 1))
	default:
		t.Fatalf("Options.%s: this test knows no value of it", f.Name)
	}
}
