package edits

import (
	"slices"
	"strings"
	"testing"
)

func TestApply(t *testing.T) {
	const text = "0123456789"
	tests := []struct {
		name  string
		edits []Edit
		want  string
	}{
		{"none", nil, text},
		{"replacement", []Edit{{2, 4, "x"}}, "01x456789"},
		{"everything deleted", []Edit{{0, 10, ""}}, ""},
		{"at both ends", []Edit{{10, 10, ">"}, {0, 0, "<"}}, "<0123456789>"},
		{"list order does not matter", []Edit{{8, 9, "b"}, {0, 1, "a"}}, "a1234567b9"},
		{"adjacent replacements", []Edit{{2, 4, "x"}, {4, 6, "y"}}, "01xy6789"},
		{"insertions at one point keep their order", []Edit{{5, 5, "b"}, {5, 5, "a"}, {5, 5, "c"}}, "01234bac56789"},
		{"equal insertions in one list both stand", []Edit{{5, 5, "a"}, {5, 5, "a"}}, "01234aa56789"},
		{"insertion before the replacement that starts there", []Edit{{3, 5, "x"}, {3, 3, "("}}, "012(x56789"},
		{"insertion after the replacement that ends there", []Edit{{5, 5, ")"}, {3, 5, "x"}}, "012x)56789"},
		{"insertion between two replacements", []Edit{{5, 7, "y"}, {5, 5, "|"}, {3, 5, "x"}}, "012x|y789"},
		{"a pair wraps a replacement", []Edit{{3, 3, "f("}, {3, 5, "x"}, {5, 5, ")"}}, "012f(x)56789"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			given := slices.Clone(tt.edits)
			got, err := Apply([]byte(text), tt.edits)
			if err != nil || string(got) != tt.want {
				t.Errorf("Apply = %q, %v, want %q", got, err, tt.want)
			}
			if !slices.Equal(given, tt.edits) {
				t.Errorf("Apply changed its argument to %v", tt.edits)
			}
		})
	}
}

func TestApplyRefuses(t *testing.T) {
	tests := []struct {
		name  string
		edits []Edit
		want  string
	}{
		{"negative", []Edit{{-1, 2, ""}}, "bytes -1 to 2: the file has bytes 0 to 10"},
		{"beyond the end", []Edit{{9, 11, ""}}, "bytes 9 to 11: the file has bytes 0 to 10"},
		{"insertion beyond the end", []Edit{{11, 11, "x"}}, "bytes 11 to 11"},
		{"reversed", []Edit{{4, 2, ""}}, "bytes 4 to 2: it ends before it starts"},
		{"reversed and out of range", []Edit{{12, 2, ""}}, "bytes 12 to 2"},
		{"overlap", []Edit{{2, 5, "a"}, {4, 6, "b"}}, "bytes 4 to 6: it overlaps the edit of bytes 2 to 5"},
		{"nested", []Edit{{2, 8, "a"}, {4, 6, "b"}}, "overlaps"},
		{"same range", []Edit{{2, 8, "a"}, {2, 8, "a"}}, "overlaps"},
		{"same start", []Edit{{2, 8, "a"}, {2, 3, "b"}}, "overlaps"},
		{"insertion strictly inside", []Edit{{2, 8, "a"}, {3, 3, "b"}}, "bytes 3 to 3: it overlaps the edit of bytes 2 to 8"},
		{"empty insertion strictly inside", []Edit{{2, 8, "a"}, {3, 3, ""}}, "overlaps"},
		{"an insertion does not hide the overlap before it", []Edit{{2, 8, "a"}, {2, 2, "b"}, {7, 9, "c"}}, "overlaps"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Apply([]byte("0123456789"), tt.edits)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
			if got != nil {
				t.Errorf("a result %q beside the error", got)
			}
		})
	}
}
