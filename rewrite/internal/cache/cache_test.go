package cache_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/lazyfix/lazyfix/rewrite/internal/cache"
)

func TestRoundTrip(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "there", "yet")
	key, other := cache.Key{1}, cache.Key{2}
	if _, ok := cache.Load(dir, key); ok {
		t.Error("an empty folder has an entry")
	}
	cache.Store(dir, key, []byte("content"))
	if got, ok := cache.Load(dir, key); !ok || string(got) != "content" {
		t.Errorf("got %q, %v", got, ok)
	}
	if _, ok := cache.Load(dir, other); ok {
		t.Error("another key has the entry")
	}
	if n, err := cache.Clean(dir); n != 1 || err != nil {
		t.Errorf("cleaned %d, %v", n, err)
	}
	if _, ok := cache.Load(dir, key); ok {
		t.Error("the entry is still there")
	}
}

// TestDamage: each byte of an entry counts, and so does its length.
func TestDamage(t *testing.T) {
	dir, key := t.TempDir(), cache.Key{1}
	cache.Store(dir, key, []byte("content"))
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	whole, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	damaged := [][]byte{nil, whole[:len(whole)-1], append(append([]byte(nil), whole...), 0)}
	for i := range whole {
		b := append([]byte(nil), whole...)
		b[i] ^= 1
		damaged = append(damaged, b)
	}
	for i, b := range damaged {
		if err := os.WriteFile(files[0], b, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, ok := cache.Load(dir, key); ok {
			t.Errorf("damage %d gives %q", i, got)
		}
	}
	cache.Store(dir, key, []byte("content"))
	if _, ok := cache.Load(dir, key); !ok {
		t.Error("a damaged entry is not replaced")
	}
}

// TestManyAtOnce: whoever reads while others write gets a whole entry.
func TestManyAtOnce(t *testing.T) {
	dir, key := t.TempDir(), cache.Key{1}
	content := make([]byte, 1<<16)
	cache.Store(dir, key, content)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 20 {
				cache.Store(dir, key, content)
				if got, ok := cache.Load(dir, key); !ok || len(got) != len(content) {
					t.Error("no whole entry")
				}
			}
		})
	}
	wait.Wait()
	if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) != 1 {
		t.Errorf("left behind: %v", files)
	}
}

func TestBound(t *testing.T) {
	dir := t.TempDir()
	for i := range 600 {
		cache.Store(dir, cache.Key{byte(i), byte(i >> 8)}, nil)
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) != 500 {
		t.Errorf("%d entries", len(files))
	}
	if _, ok := cache.Load(dir, cache.Key{byte(599 & 255), byte(599 >> 8)}); !ok {
		t.Error("the newest is gone")
	}
}
