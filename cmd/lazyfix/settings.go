package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/lazyfix/lazyfix/rewrite"
)

// mode is what to do with what is found.
type mode int

const (
	report mode = iota
	dryRun
	write
	check
)

// stdinPath is the path that stands for standard input.
const stdinPath = "-"

// settings are the flags over the configuration.
type settings struct {
	mode       mode
	format     string // one of formats
	color      string // "auto", "always" or "never"
	quiet      bool
	allowDirty bool
	options    rewrite.Options

	baseline      string // the file of what is known; "" for none
	baselineFrom  string // where that was said
	writeBaseline string // the file to write it to; "" for none

	evidence []string // files of what runs recorded
	given    []string // the flags that the command line has

	warnings []string // what is to be said of the settings themselves
}

// formats are those of the report. All but the first are for machines.
var formats = []string{"text", "json", "sarif", "github"}

// forMachines: standard output is to be parsed.
func (s settings) forMachines() bool { return s.format != formats[0] }

func readSettings(c *cli.Context, rules []rewrite.Rule) (s settings, err error) {
	if s.mode, err = readMode(c); err != nil {
		return s, err
	}
	s.format = c.String("format")
	if !slices.Contains(formats, s.format) {
		return s, usagef("--format %s: want text, json, sarif or github%s", s.format, suggest(s.format, formats, ""))
	}
	if s.forMachines() && s.mode == dryRun {
		return s, usagef("--format %s: a patch has one format; leave out --dry-run for a report", s.format)
	}
	s.writeBaseline = c.String("write-baseline")
	if s.writeBaseline != "" && s.mode == dryRun {
		return s, usagef("--dry-run and --write-baseline exclude each other")
	}
	s.color = c.String("color")
	if !slices.Contains([]string{"auto", "always", "never"}, s.color) {
		return s, usagef("--color %s: want auto, always or never", s.color)
	}
	s.quiet, s.allowDirty = c.Bool("quiet"), c.Bool("allow-dirty")
	err = s.readOptions(c, rules)
	s.evidence, s.given = c.StringSlice("evidence"), c.LocalFlagNames()
	if err == nil {
		s.options.Evidence, err = readEvidence(s.evidence)
	}
	if err == nil && s.mode == write && slices.Contains(s.options.Paths, stdinPath) && len(s.options.Paths) > 1 {
		err = usagef("--write with the path - writes to standard output, so it takes no other path")
	}
	return s, err
}

func readMode(c *cli.Context) (mode, error) {
	chosen, name := report, ""
	for _, m := range []struct {
		flag string
		mode mode
	}{{"dry-run", dryRun}, {"write", write}, {"check", check}} {
		if !c.Bool(m.flag) {
			continue
		}
		if name != "" {
			return report, usagef("--%s and --%s exclude each other", name, m.flag)
		}
		chosen, name = m.mode, m.flag
	}
	return chosen, nil
}

// readOptions lays the flags over the nearest configuration.
func (s *settings) readOptions(c *cli.Context, rules []rewrite.Rule) error {
	s.options = rewrite.Options{
		Paths: c.Args().Slice(), ForceExclude: c.Bool("force-exclude"), NoIgnore: c.Bool("no-ignore"),
		Tracked: trackedButIgnored, StdinName: c.String("stdin-filename"), Jobs: c.Int("jobs"),
	}
	o := &s.options
	if !c.Bool("no-cache") {
		o.Cache = cacheDir()
	}
	if o.Jobs < 0 {
		return usagef("--jobs %d: want 1 or more, or 0 for one a core", o.Jobs)
	}
	if err := checkPaths(*o); err != nil {
		return err
	}
	conf, err := findConfig(configStart(*o))
	if err != nil {
		return err
	}
	if err := conf.check(rules); err != nil {
		return err
	}
	s.warnings = unusedConfigs(*o, conf)
	o.Select, o.Ignore, o.Exclude, o.Unsafe = conf.Select, conf.Ignore, conf.Exclude, bool(conf.Unsafe)
	o.Lazy, o.Eager, o.ToOne = string(conf.Lazy), string(conf.Eager), string(conf.ToOne)
	s.baseline, s.baselineFrom = string(conf.Baseline), shorten(conf.path)+": baseline"
	s.override(c)
	return checkOptions(c, *o, rules)
}

// checkPaths refuses an empty path, and what is said of standard input in vain.
func checkPaths(o rewrite.Options) error {
	switch {
	case slices.Contains(o.Paths, ""):
		return usagef("a path is empty; the working folder is .")
	case slices.Index(o.Paths, stdinPath) != lastIndex(o.Paths, stdinPath):
		return usagef("the path - is named twice")
	case o.StdinName != "" && !slices.Contains(o.Paths, stdinPath):
		return usagef("--stdin-filename is for the path -, which is not named")
	}
	return nil
}

// override has the flags that are given replace the keys of the configuration, lists too.
func (s *settings) override(c *cli.Context) {
	o := &s.options
	if c.IsSet("baseline") {
		s.baseline, s.baselineFrom = c.String("baseline"), "--baseline"
	}
	if c.IsSet("select") {
		o.Select = splitNames(c.StringSlice("select"))
	}
	if c.IsSet("ignore") {
		o.Ignore = splitNames(c.StringSlice("ignore"))
	}
	if c.IsSet("exclude") {
		o.Exclude = c.StringSlice("exclude")
	}
	if c.IsSet("unsafe") {
		o.Unsafe = c.Bool("unsafe")
	}
	for name, text := range map[string]*string{"lazy": &o.Lazy, "eager": &o.Eager, "to-one": &o.ToOne} {
		if c.IsSet(name) {
			*text = c.String(name)
		}
	}
}

// checkOptions refuses what the flags say wrongly. What the configuration says is checked where it is read.
func checkOptions(c *cli.Context, o rewrite.Options, rules []rewrite.Rule) error {
	if c.IsSet("exclude") {
		if err := checkPatterns("--exclude", o.Exclude); err != nil {
			return err
		}
	}
	for _, few := range []struct {
		flag, value string
		values      []string
	}{{"--lazy", o.Lazy, lazyValues}, {"--eager", o.Eager, eagerValues}, {"--to-one", o.ToOne, toOneValues}} {
		if err := checkValue(few.flag, few.value, few.values); err != nil {
			return err
		}
	}
	if err := checkRules(o.Select, rules, "--select"); err != nil {
		return err
	}
	if err := checkRules(o.Ignore, rules, "--ignore"); err != nil {
		return err
	}
	return checkSome(o.Select, o.Ignore, rules)
}

func lastIndex(list []string, want string) int {
	for i := len(list) - 1; i >= 0; i-- {
		if list[i] == want {
			return i
		}
	}
	return -1
}

// splitNames takes a flag that is comma separated, repeated, or both.
func splitNames(given []string) []string {
	var names []string
	for _, one := range given {
		for name := range strings.SplitSeq(one, ",") {
			if name = strings.TrimSpace(name); name != "" {
				names = append(names, name)
			}
		}
	}
	return names
}

// The values of settings that have a few.
var (
	lazyValues  = []string{"raise_on_sql", "raise", "noload"}
	eagerValues = []string{"keep", "move"}
	toOneValues = []string{"selectinload", "joinedload"}
)

// checkValue refuses what is no value of a setting; from names where it was written.
func checkValue(from, value string, values []string) error {
	if value != "" && !slices.Contains(values, value) {
		last := len(values) - 1
		return usagef("%s: there is no value %q%s; want %s or %s", from, value, suggest(value, values, ""),
			strings.Join(values[:last], ", "), values[last])
	}
	return nil
}
