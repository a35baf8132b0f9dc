package sweep

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Repo is one repository to run on.
type Repo struct {
	Path string // absolute
	Name string // of its files in the output; no other has it
}

// List reads what was named: a folder is a repository, a file has one a line, relative to the file's folder. Blank lines
// and those that begin with # are passed over. A folder that does not exist stays in the list: its run will say so.
func List(named []string) ([]Repo, error) {
	var repos []Repo
	seen := map[string]bool{}
	add := func(path string) error {
		abs, err := filepath.Abs(path)
		if err == nil && !seen[abs] {
			seen[abs] = true
			repos = append(repos, Repo{Path: abs})
		}
		return err
	}
	for _, name := range named {
		info, err := os.Stat(name)
		if err != nil || info.IsDir() {
			if err := add(name); err != nil {
				return nil, err
			}
			continue
		}
		lines, err := readLines(name)
		if err != nil {
			return nil, err
		}
		for _, line := range lines {
			if !filepath.IsAbs(line) {
				line = filepath.Join(filepath.Dir(name), line)
			}
			if err := add(line); err != nil {
				return nil, err
			}
		}
	}
	nameThem(repos)
	return repos, nil
}

func readLines(file string) ([]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	var out []string
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if line := strings.TrimSpace(lines.Text()); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return out, nil
}

// nameThem calls each by the fewest last parts of its path that tell it from the others: "shop", or "anna+shop" and
// "bert+shop".
func nameThem(repos []Repo) {
	parts := make([]int, len(repos))
	for i := range parts {
		parts[i] = 1
	}
	for clash := true; clash; {
		count := map[string]int{}
		for i := range repos {
			repos[i].Name = lastParts(repos[i].Path, parts[i])
			count[repos[i].Name]++
		}
		clash = false
		for i, r := range repos {
			if count[r.Name] > 1 && parts[i] <= strings.Count(r.Path, string(filepath.Separator)) {
				parts[i]++
				clash = true
			}
		}
	}
}

func lastParts(path string, n int) string {
	parts := strings.Split(strings.Trim(filepath.ToSlash(path), "/"), "/")
	return strings.Join(parts[max(len(parts)-n, 0):], "+")
}
