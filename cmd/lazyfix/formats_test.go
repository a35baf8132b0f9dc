package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/lazyfix/lazyfix/rewrite"
)

// realRun is what the program prints with the real analysis.
func realRun(t *testing.T, args ...string) ended {
	t.Helper()
	var out, errors bytes.Buffer
	code := Run(args, strings.NewReader(""), &out, &errors)
	return ended{code, out.String(), errors.String()}
}

// valid holds a text against a schema of the repository.
func valid(t *testing.T, schema, text string) {
	t.Helper()
	compiled, err := jsonschema.NewCompiler().Compile(schema)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if err := compiled.Validate(value); err != nil {
		t.Errorf("%s: %v", filepath.Base(schema), err)
	}
}

const (
	reportSchema = "../../docs/report.schema.json"
	sarifSchema  = "../../fixtures/schemas/sarif-2.1.0.json"
)

// odd is a program whose lines have characters outside ASCII before what is found, in a file whose name needs quoting, and
// one that does not parse.
var odd = map[string]string{
	"a b/modèle, 1:2%.py": "from sqlalchemy.orm import DeclarativeBase, Mapped, relationship\nfrom sqlalchemy.ext.asyncio import async_sessionmaker\n\n\n" +
		"class Base(DeclarativeBase):\n    pass\n\n\nclass Bär(Base):\n    __tablename__ = 'b'\n    π𝛑: Mapped['Bär'] = relationship()\n\n\n" +
		"class Zoo:\n    names, s = '🐻é', async_sessionmaker()\n",
	"bad.py": "x = (\n",
}

func TestJSONIsOfItsSchema(t *testing.T) {
	sample := realRun(t, "--format", "json", "../../fixtures/sample_app")
	schema, err := filepath.Abs(reportSchema)
	if err != nil {
		t.Fatal(err)
	}
	valid(t, schema, sample.out)
	if !strings.Contains(sample.out, `"scope": "OrderRepository.get"`) || !strings.Contains(sample.out, `"loader_path": "Order.customer.addresses"`) {
		t.Errorf("no scope or loader path:\n%s", sample.out)
	}
	folder(t, odd)
	valid(t, schema, realRun(t, "--format", "json").out)
	valid(t, schema, realRun(t, "--format", "json", "--write").out)
	valid(t, schema, realRun(t, "--format", "json", "--check", "gone").out)
}

type sarifLog struct {
	Runs []struct {
		Invocations []struct {
			ExecutionSuccessful        bool
			ToolExecutionNotifications []any
		}
		Results []struct {
			RuleID              string
			PartialFingerprints map[string]string
			Message             struct{ Text string }
			Locations           []struct {
				PhysicalLocation struct {
					ArtifactLocation struct{ URI string }
					Region           sarifRegion
				}
				LogicalLocations []struct{ FullyQualifiedName string }
			}
			CodeFlows []struct {
				ThreadFlows []struct {
					Locations []struct {
						Location struct{ Message struct{ Text string } }
					}
				}
			}
			Fixes []struct {
				ArtifactChanges []struct {
					ArtifactLocation struct{ URI string }
					Replacements     []struct {
						DeletedRegion   sarifRegion
						InsertedContent struct{ Text string }
					}
				}
			}
		}
	}
}

type sarifRegion struct{ StartLine, StartColumn, EndLine, EndColumn int }

func TestSARIFIsOfItsSchema(t *testing.T) {
	schema, err := filepath.Abs(sarifSchema)
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("../../fixtures/sample_app")
	if err != nil {
		t.Fatal(err)
	}
	var log sarifLog
	read := func(e ended) {
		t.Helper()
		valid(t, schema, e.out)
		log = sarifLog{}
		if err := json.Unmarshal([]byte(e.out), &log); err != nil {
			t.Fatal(err)
		}
	}
	read(realRun(t, "--format", "sarif", root))
	ways, fixes, fingerprints := 0, 0, map[string]bool{}
	for _, r := range log.Runs[0].Results {
		fingerprints[r.PartialFingerprints["lazyfix/v1"]] = true
		fixes += len(r.Fixes)
		if len(r.CodeFlows) > 0 && strings.HasPrefix(r.CodeFlows[0].ThreadFlows[0].Locations[0].Location.Message.Text, "reads ") {
			ways++
		}
	}
	if n := len(log.Runs[0].Results); ways == 0 || fixes == 0 || len(fingerprints) != n {
		t.Errorf("%d results: %d ways, %d fixes, %d fingerprints", n, ways, fixes, len(fingerprints))
	}

	folder(t, odd)
	read(realRun(t, "--format", "sarif"))
	run := log.Runs[0]
	if run.Invocations[0].ExecutionSuccessful || len(run.Invocations[0].ToolExecutionNotifications) != 1 || len(run.Results) != 2 {
		t.Fatalf("%+v", run)
	}
	lazy, factory := run.Results[0], run.Results[1]
	place := lazy.Locations[0].PhysicalLocation
	if place.ArtifactLocation.URI != "a%20b/mod%C3%A8le,%201:2%25.py" || place.Region.StartColumn != 1+len(utf16.Encode([]rune("    π𝛑: Mapped['Bär'] = "))) ||
		lazy.Locations[0].LogicalLocations[0].FullyQualifiedName != "Bär" {
		t.Errorf("%+v", lazy.Locations)
	}
	if got := factory.Locations[0].PhysicalLocation.Region.StartColumn; got != 1+len(utf16.Encode([]rune("    names, s = '🐻é', "))) {
		t.Errorf("column %d", got)
	}
	// A fix, as a reader of SARIF applies it.
	for name, text := range odd {
		if name == "bad.py" {
			continue
		}
		lines := strings.Split(text, "\n")
		for _, r := range run.Results {
			rep := r.Fixes[0].ArtifactChanges[0].Replacements[0]
			at := rep.DeletedRegion
			if at.StartLine != at.EndLine {
				t.Fatalf("%+v", at)
			}
			line := utf16.Encode([]rune(lines[at.StartLine-1]))
			lines[at.StartLine-1] = string(utf16.Decode(line[:at.StartColumn-1])) + rep.InsertedContent.Text + string(utf16.Decode(line[at.EndColumn-1:]))
		}
		realRun(t, "--write", name)
		if got := content(t, name); got != strings.Join(lines, "\n") {
			t.Errorf("the fixes give\n%s\nand --write\n%s", strings.Join(lines, "\n"), got)
		}
	}
	read(realRun(t, "--format", "sarif", "--write"))
	read(realRun(t, "--format", "sarif", "--check", "gone"))
}

// TestAlone: each fix stands on its own, with its imports, and Only of all is the whole.
func TestAlone(t *testing.T) {
	result, err := rewrite.Run(t.Context(), rewrite.Options{Paths: []string{"../../fixtures/sample_app"}})
	if err != nil {
		t.Fatal(err)
	}
	var all []int
	needs := 0
	for n, fix := range result.Fixes {
		all = append(all, n)
		needs += len(fix.Needs)
		changes, err := result.Alone(t.Context(), n)
		if err != nil || len(changes) == 0 {
			t.Fatalf("fix %d: %d changes, %v", n, len(changes), err)
		}
		for _, c := range changes {
			text := string(c.New)
			if strings.Contains(text, "selectinload(") && !strings.Contains(text, "selectinload\n") && !strings.Contains(text, "selectinload,") {
				t.Errorf("fix %d has no import:\n%s", n, c.Unified(3))
			}
		}
	}
	whole, err := result.Only(t.Context(), all)
	if err != nil || len(whole.Changes) != len(result.Changes) || needs == 0 {
		t.Fatalf("%v, or no fix needs another", err)
	}
	for i, c := range whole.Changes {
		if !bytes.Equal(c.New, result.Changes[i].New) {
			t.Errorf("%s differs", c.Name)
		}
	}
	none, err := result.Only(t.Context(), nil)
	if err != nil || len(none.Changes) != 0 || len(remaining(none.Findings)) != len(result.Findings) {
		t.Errorf("%v, %d changes of none", err, len(none.Changes))
	}
}

func TestGitHub(t *testing.T) {
	result := sample()
	result.Findings[1].File = "a,b:c%.py"
	var out bytes.Buffer
	writeGitHub(&out, result, result.Findings[1:2])
	want := "::error file=bad.py,line=3,title=lazyfix::does not parse\n::warning file=old.py,title=lazyfix::is in latin-1\n" +
		"::warning file=a%2Cb%3Ac%25.py,line=30,col=1,title=lazyfix missing-eager-load::Order.items is read but not loaded" +
		"%0Aapp/api.py:3:9 reads Order.items%0A<- app/models.py:30:1 returned by%0Aget%0Aadvice: load it <here>\n"
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}
