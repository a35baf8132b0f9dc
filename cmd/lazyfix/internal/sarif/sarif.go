// Package sarif shows a result as SARIF 2.1.0, the format that code scanning takes.
//
// In: a result and the rules. Out: one log with one run. A finding is a result of it; its way, from the read to the query,
// is its code flow; the fix that settles it is its fix, complete with imports, so that it can be applied alone. Names are
// relative to the root, which the log calls SRCROOT; columns count UTF-16 code units, as most readers take them.
package sarif

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/lazyfix/lazyfix/cmd/lazyfix/internal/baseline"
	"github.com/lazyfix/lazyfix/rewrite"
)

const (
	schema  = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	home    = "https://github.com/lazyfix/lazyfix"
	srcRoot = "SRCROOT"
	// fingerprint is the name of the value by which a finding is found again when its line has moved.
	fingerprint = "lazyfix/v1"
)

// writer makes one log.
type writer struct {
	result *rewrite.Result
	texts  *texts
	rules  map[string]int
	seen   map[baseline.Key]int
}

// Write prints the log. Version is lazyfix's.
func Write(ctx context.Context, out io.Writer, result *rewrite.Result, rules []rewrite.Rule, version string) error {
	w := &writer{result: result, texts: newTexts(result), rules: map[string]int{}, seen: map[baseline.Key]int{}}
	run := sarif.NewRun().WithColumnKind("utf16CodeUnits").WithTool(sarif.NewTool().WithDriver(w.driver(rules, version)))
	run.OriginalUriBaseIds = map[string]sarif.ArtifactLocation{srcRoot: *sarif.NewArtifactLocation().WithURI(folderURI(result.Root))}
	invocation := sarif.NewInvocation().WithExecutionSuccessful(true)
	for _, p := range result.Problems {
		if !p.Warning {
			invocation.WithExecutionSuccessful(false)
		}
		invocation.AddToolExecutionNotification(w.problem(p))
	}
	run.Invocations = append(run.Invocations, invocation)
	fixOf := map[int]int{}
	for n, fix := range result.Fixes {
		for _, i := range fix.Findings {
			fixOf[i] = n
		}
	}
	for i, f := range result.Findings {
		r := w.finding(f)
		if n, ok := fixOf[i]; ok && f.Fixable {
			fix, err := w.fix(ctx, n)
			if err != nil {
				return err
			}
			r.Fixes = append(r.Fixes, fix)
		}
		run.AddResult(r)
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	return encoder.Encode(&sarif.Report{Version: "2.1.0", Schema: schema, Runs: []*sarif.Run{run}})
}

func (w *writer) driver(rules []rewrite.Rule, version string) *sarif.ToolComponent {
	d := sarif.NewToolComponent().WithName("lazyfix").WithVersion(version).WithInformationURI(home)
	for i, r := range rules {
		w.rules[r.Name] = i
		d.AddRule(sarif.NewReportingDescriptor().WithID(r.Name).
			WithShortDescription(sarif.NewMultiformatMessageString().WithText(r.Summary)).
			WithFullDescription(sarif.NewMultiformatMessageString().WithText(strings.TrimSpace(r.Doc))).
			WithHelp(sarif.NewMultiformatMessageString().WithText(strings.TrimSpace(r.Doc))).
			WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(level(r.Name))))
	}
	return d
}

// level of a rule: what lazyfix could not decide is no more than a note.
func level(rule string) string {
	if rule == "undecided-read" {
		return sarif.LevelNote
	}
	return sarif.LevelWarning
}

func (w *writer) finding(f rewrite.Finding) *sarif.Result {
	text := f.Message
	if f.Advice != "" {
		text += ". Advice: " + f.Advice
	}
	at := w.location(f.Place)
	if f.Scope != "" {
		at.AddLogicalLocation(sarif.NewLogicalLocation().WithFullyQualifiedName(f.Scope))
	}
	r := sarif.NewResult().WithRuleID(f.Rule).WithRuleIndex(w.rules[f.Rule]).WithLevel(level(f.Rule)).
		WithMessage(sarif.NewTextMessage(text)).AddLocation(at).
		WithPartialFingerprints(map[string]string{fingerprint: w.fingerprint(f)})
	if f.Recorded {
		r.Properties = sarif.NewPropertyBag().Add("recorded", true)
	}
	if len(f.Why) > 0 {
		flow := sarif.NewThreadFlow()
		for _, step := range f.Why {
			flow.AddLocation(sarif.NewThreadFlowLocation().WithLocation(w.location(step.Place).WithMessage(sarif.NewTextMessage(step.Text))))
		}
		r.CodeFlows = append(r.CodeFlows, sarif.NewCodeFlow().AddThreadFlow(flow))
	}
	return r
}

// fingerprint tells findings of one key apart by their order.
func (w *writer) fingerprint(f rewrite.Finding) string {
	key := baseline.KeyOf(f)
	w.seen[key]++
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %d", []string{key.Rule, key.File, key.Scope, key.LoaderPath}, w.seen[key]))
	return hex.EncodeToString(sum[:16])
}

func (w *writer) fix(ctx context.Context, n int) (*sarif.Fix, error) {
	changes, err := w.result.Alone(ctx, n)
	if err != nil {
		return nil, err
	}
	var said []string
	for _, i := range w.result.Fixes[n].Findings {
		said = append(said, w.result.Findings[i].Message)
	}
	fix := sarif.NewFix().WithDescription(sarif.NewTextMessage(strings.Join(said, "; ")))
	for _, c := range changes {
		w.texts.know(c.Name, c.Content)
		change := sarif.NewArtifactChange().WithArtifactLocation(artifact(c.Name))
		for _, e := range c.Edits {
			start, end := w.texts.at(c.Name, e.Start), w.texts.at(c.Name, e.End)
			change.AddReplacement(sarif.NewReplacement().WithInsertedContent(sarif.NewArtifactContent().WithText(e.New)).
				WithDeletedRegion(sarif.NewRegion().WithStartLine(start.line).WithStartColumn(start.column).WithEndLine(end.line).WithEndColumn(end.column)))
		}
		fix.AddArtifactChange(change)
	}
	return fix, nil
}

func (w *writer) problem(p rewrite.Problem) *sarif.Notification {
	place := sarif.NewPhysicalLocation().WithArtifactLocation(artifact(p.Path))
	if p.Line > 0 {
		place.WithRegion(sarif.NewRegion().WithStartLine(p.Line))
	}
	severity := sarif.LevelError
	if p.Warning {
		severity = sarif.LevelWarning
	}
	return sarif.NewNotification().WithLevel(severity).WithMessage(sarif.NewTextMessage(p.Reason)).
		AddLocation(sarif.NewLocation().WithPhysicalLocation(place))
}

func (w *writer) location(at rewrite.Place) *sarif.Location {
	region := sarif.NewRegion().WithStartLine(at.Line).WithStartColumn(w.texts.column(at))
	return sarif.NewLocation().WithPhysicalLocation(sarif.NewPhysicalLocation().WithArtifactLocation(artifact(at.File)).WithRegion(region))
}

func artifact(name string) *sarif.ArtifactLocation {
	return sarif.NewArtifactLocation().WithURI((&url.URL{Path: name}).String()).WithURIBaseID(srcRoot)
}

func folderURI(root string) string {
	return (&url.URL{Scheme: "file", Path: strings.TrimSuffix(root, "/") + "/"}).String()
}
