package main

import (
	"runtime/debug"
	"strings"
)

// version is set by the linker for a release.
var version = ""

// versionText is the version of a release, else what the go command built in: the module's version of a go install, or the
// commit of a clone, with + where it has changes. "dev" is a build without any of these.
func versionText() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "dev"
	}
	return versionOf(info)
}

func versionOf(info *debug.BuildInfo) string {
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return strings.TrimPrefix(v, "v")
	}
	revision, modified := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = "+"
		}
	}
	if revision == "" {
		return "dev"
	}
	return "dev-" + revision[:min(len(revision), 12)] + modified
}
