package edits

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// model is Apply written the slow way, byte by byte, from the order that the
// package comment gives. The edits must be valid.
func model(content []byte, list []Edit) []byte {
	var out []byte
	for at := 0; ; {
		for _, e := range list {
			if e.insertion() && e.Start == at {
				out = append(out, e.New...)
			}
		}
		i := slices.IndexFunc(list, func(e Edit) bool { return !e.insertion() && e.Start == at })
		switch {
		case i >= 0:
			out = append(out, list[i].New...)
			at = list[i].End
		case at == len(content):
			return out
		default:
			out = append(out, content[at])
			at++
		}
	}
}

// Few different lines, so that the patch has many places where it could match
// wrongly.
var (
	someLines = []string{"", "", "a", "b", "a", "    x = 1", "\xff\xfe", "\x00", "\té ", "- a", "+b", "\\ No newline", "@@ -1 +1 @@", "lone\rreturn"}
	someEnds  = []string{"\n", "\r\n"}
	someTexts = []string{"", "", "a", "\n", "a\n", "b\r\n", "\r\n", "\r", "x\ny", "\xff", "a\nb\na\n", "\n\n", "    x = 1\n"}
)

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

func randomFile(r *rand.Rand) []byte {
	var out []byte
	if r.IntN(8) == 0 {
		out = append(out, "\xef\xbb\xbf"...)
	}
	end, mixed := pick(r, someEnds), r.IntN(4) == 0
	for range r.IntN(40) {
		if mixed {
			end = pick(r, someEnds)
		}
		out = append(out, pick(r, someLines)+end...)
	}
	if r.IntN(3) == 0 {
		out = bytes.TrimSuffix(out, []byte("\n"))
	}
	return out
}

// randomEdits returns edits without overlap, in any order.
func randomEdits(r *rand.Rand, content []byte) []Edit {
	next := func(at int) int {
		at += r.IntN(1 + min(len(content)-at, pick(r, []int{0, 1, 5, 60})))
		if r.IntN(2) == 0 {
			at = lineEnd(content, at)
		}
		return at
	}
	var list []Edit
	for at := 0; len(list) < 1+r.IntN(8); {
		start := next(at)
		end := start
		if r.IntN(2) == 0 {
			end = next(start)
		}
		text := pick(r, someTexts)
		if r.IntN(4) == 0 { // keeps lines of the old text, to be trimmed
			text = string(content[start:end]) + text
		}
		list = append(list, Edit{start, end, text})
		at = end
	}
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// What git apply makes of Unified is what Apply makes of the edits, and both are
// what the model says.
func TestPatchGivesWhatApplyGives(t *testing.T) {
	for _, context := range []int{1, 3, 8} {
		t.Run(fmt.Sprintf("context %d", context), func(t *testing.T) {
			random := rand.New(rand.NewPCG(3, uint64(context)))
			r := newRepo(t)
			p := NewPlan()
			for i := range 1000 {
				name := fmt.Sprintf("%d/%d %s.py", i%10, i, pick(random, []string{"x", "é", "\"", "a b"}))
				content := randomFile(random)
				list := randomEdits(random, content)
				got, err := Apply(content, list)
				if err != nil {
					t.Fatal(err)
				}
				if want := model(content, list); !bytes.Equal(got, want) {
					t.Fatalf("Apply(%q, %v) = %q, want %q", content, list, got, want)
				}
				addFile(t, p, name, string(content))
				if err := p.Add(Fix{ID: name, Files: []FileEdits{{name, list}}}); err != nil {
					t.Fatal(err)
				}
				r.write(name, content)
			}
			changes := p.Changes()
			if len(changes) < 800 {
				t.Fatalf("only %d of 1000 files change: the generator is too weak", len(changes))
			}
			var patch []byte
			for _, c := range changes {
				patch = append(patch, c.Unified(context)...)
			}
			r.git(patch, "apply")
			for _, c := range changes {
				if got := r.read(c.Name); !bytes.Equal(got, c.New) {
					t.Errorf("%q with %v: git apply gives %q, want %q, by the patch\n%s", c.Content, c.Edits, got, c.New, c.Unified(context))
				}
			}
		})
	}
}

// planAll adds one fix an edit and checks what the plan promises: a refused fix
// leaves no trace, and the plan is the accepted edits, equal ones once, in order.
func planAll(t *testing.T, content []byte, list []Edit) *Plan {
	t.Helper()
	p := planFor(t, string(content))
	var accepted []Edit
	for i, e := range list {
		before := result(t, p, string(content))
		err := p.Add(fix(fmt.Sprint(i), e))
		var conflict *ConflictError
		switch {
		case err == nil:
			if !slices.Contains(accepted, e) {
				accepted = append(accepted, e)
			}
		case !errors.As(err, &conflict):
			t.Fatalf("Add(%v): %v", e, err)
		case !slices.Contains(accepted, conflict.Against):
			t.Fatalf("Add(%v): %v with %v, which is not planned", e, err, conflict.Against)
		case result(t, p, string(content)) != before:
			t.Fatalf("Add(%v): %v, but the plan changed", e, err)
		}
	}
	if got, want := result(t, p, string(content)), string(model(content, accepted)); got != want {
		t.Fatalf("%q with %v: the plan gives %q, want %q", content, accepted, got, want)
	}
	return p
}

func TestPlanIsItsAcceptedEdits(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	conflicts := 0
	for range 2000 {
		content := randomFile(random)
		list := append(randomEdits(random, content), randomEdits(random, content)...)
		for range 2 {
			list = append(list, pick(random, list))
		}
		random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		p := planAll(t, content, list)
		if len(p.files["a.py"].edits) < len(list)-2 {
			conflicts++
		}
	}
	if conflicts < 200 {
		t.Errorf("only %d of 2000 plans merged or refused: the generator is too weak", conflicts)
	}
}

// FuzzUnified reads script as edits, each of them a fix: two bytes of start, one
// of length, one that chooses a text. The texts have no brackets, so that only
// overlap conflicts.
func FuzzUnified(f *testing.F) {
	f.Add([]byte("a\nb\nc\n"), []byte{0, 2, 1, 3}, byte(3))
	f.Add([]byte(""), []byte{0, 0, 0, 9}, byte(1))
	f.Add([]byte("a\nb"), []byte{0, 0, 3, 0}, byte(3))
	f.Add([]byte("a\nb"), []byte{0, 3, 0, 3, 0, 1, 1, 0}, byte(2))
	f.Add([]byte("\xef\xbb\xbfa\r\nb\r\n\r\n"), []byte{0, 3, 1, 6, 0, 5, 0, 5, 0, 5, 0, 5}, byte(3))
	f.Add([]byte("a\na\na\na\na\n"), []byte{0, 2, 4, 10, 0, 3, 0, 2}, byte(1))
	f.Add([]byte("\xff\x00\n\n\n\\ No newline at end of file\n"), []byte{0, 4, 20, 9, 0, 0, 2, 12}, byte(0))
	f.Add([]byte(strings.Repeat("a\n", 30)), []byte{0, 2, 9, 11, 0, 40, 3, 4, 0, 22, 0, 8}, byte(1))
	dir := newRepo(f).dir
	f.Fuzz(func(t *testing.T, content, script []byte, context byte) {
		if len(content) > 1<<12 || len(script) > 1<<7 {
			return
		}
		var list []Edit
		for ; len(script) >= 4; script = script[4:] {
			start := (int(script[0])<<8 | int(script[1])) % (len(content) + 1)
			end := min(start+int(script[2]), len(content))
			list = append(list, Edit{start, end, someTexts[int(script[3])%len(someTexts)]})
		}
		changes := planAll(t, content, list).Changes()
		if len(changes) == 0 {
			return
		}
		r := &repo{t, dir}
		patch := changes[0].Unified(1 + int(context%4))
		r.write("a.py", content)
		if _, err := r.try(patch, "apply"); err != nil {
			t.Fatalf("%v of the patch\n%q", err, patch)
		}
		if got := r.read("a.py"); !bytes.Equal(got, changes[0].New) {
			t.Fatalf("git apply gives %q, want %q", got, changes[0].New)
		}
	})
}
