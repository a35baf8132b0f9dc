package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// The server is run as an editor does it, by a client that spells the protocol itself: the library that the server uses
// cannot agree with itself on a mistake.

type (
	lspPosition struct {
		Line      int `json:"line"`
		Character int `json:"character"`
	}
	lspRange struct {
		Start lspPosition `json:"start"`
		End   lspPosition `json:"end"`
	}
	lspEdit struct {
		Range   lspRange
		NewText string
	}
	lspDiagnostic struct {
		Range              lspRange
		Severity           int
		Code, Message      string
		RelatedInformation []struct {
			Location struct {
				URI   string
				Range lspRange
			}
			Message string
		}
	}
	lspAction struct {
		Title, Kind string
		Diagnostics []lspDiagnostic
		Edit        struct {
			Changes         map[string][]lspEdit
			DocumentChanges []struct {
				TextDocument struct {
					URI     string
					Version *int
				}
				Edits []lspEdit
			}
		}
	}
	lspPublished struct {
		URI         string
		Version     *int
		Diagnostics []lspDiagnostic
	}
	lspMessage struct {
		ID     any             `json:"id,omitempty"`
		Method string          `json:"method,omitempty"`
		Params json.RawMessage `json:"params,omitempty"`
		Result json.RawMessage `json:"result,omitempty"`
		Error  *struct {
			Code    int
			Message string
		} `json:"error,omitempty"`
	}
	object = map[string]any
)

// editor is the client's side of one run.
type editor struct {
	t       *testing.T
	dir     string
	command *exec.Cmd
	to      io.WriteCloser
	from    *bufio.Reader
	calls   int
	asked   []string                   // requests of the server
	shown   map[string][]lspDiagnostic // what it would show, by file
	version map[string]*int            // of what it was told of, by file
	said    []string                   // messages for the user
	begun   int                        // of progress
	log     bytes.Buffer               // its standard error, complete when it has ended
}

// everything is an editor that can do all that the server asks for.
var everything = object{
	"general":      object{"positionEncodings": []string{"utf-16"}},
	"textDocument": object{"publishDiagnostics": object{"relatedInformation": true}},
	"workspace":    object{"workspaceEdit": object{"documentChanges": true}, "didChangeWatchedFiles": object{"dynamicRegistration": true}},
	"window":       object{"workDoneProgress": true},
}

// startEditor runs the server, and opens a workspace.
func startEditor(t *testing.T, dir string, capabilities object, args ...string) *editor {
	t.Helper()
	e := runEditor(t, dir, args...)
	e.initialize(capabilities)
	return e
}

func runEditor(t *testing.T, dir string, args ...string) *editor {
	t.Helper()
	e := &editor{t: t, dir: dir, shown: map[string][]lspDiagnostic{}, version: map[string]*int{}}
	ctx, cancel := context.WithCancel(context.Background())
	e.command = exec.CommandContext(ctx, "lazyfix", append([]string{"lsp"}, args...)...)
	e.command.Dir = t.TempDir() // the workspace counts, not where an editor was started
	e.command.Stderr = &e.log
	var err error
	if e.to, err = e.command.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	from, err := e.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	e.from = bufio.NewReader(from)
	if err := e.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = e.command.Wait()
	})
	return e
}

func (e *editor) initialize(capabilities object) {
	e.t.Helper()
	var hello struct {
		ServerInfo   struct{ Name string }
		Capabilities struct{ PositionEncoding string }
	}
	hi := object{"processId": nil, "rootUri": fileURI(e.dir), "capabilities": capabilities}
	if capabilities["workspace"] != nil {
		hi["workspaceFolders"] = []object{{"uri": fileURI(e.dir), "name": "here"}}
	}
	e.call("initialize", hi, &hello)
	if hello.ServerInfo.Name != "lazyfix" || hello.Capabilities.PositionEncoding == "" {
		e.t.Errorf("initialize: %+v", hello)
	}
	e.notify("initialized", object{})
}

func (e *editor) send(message object) {
	e.t.Helper()
	message["jsonrpc"] = "2.0"
	text, err := json.Marshal(message)
	if err == nil {
		_, err = fmt.Fprintf(e.to, "Content-Length: %d\r\n\r\n%s", len(text), text)
	}
	if err != nil {
		e.t.Fatal(err)
	}
}

func (e *editor) notify(method string, params any) {
	e.t.Helper()
	e.send(object{"method": method, "params": params})
}

// receive is the next message. What the server asks is answered, what it shows is kept.
func (e *editor) receive() lspMessage {
	e.t.Helper()
	length := 0
	for {
		line, err := e.from.ReadString('\n')
		if err != nil {
			e.t.Fatalf("the server's answers end: %v", err)
		}
		if line = strings.TrimSpace(line); line == "" {
			break
		}
		if value, ok := strings.CutPrefix(line, "Content-Length: "); ok {
			length, _ = strconv.Atoi(value)
		}
	}
	text := make([]byte, length)
	var m lspMessage
	if _, err := io.ReadFull(e.from, text); err != nil {
		e.t.Fatal(err)
	}
	if err := json.Unmarshal(text, &m); err != nil {
		e.t.Fatalf("%v\n%s", err, text)
	}
	switch {
	case m.Method != "" && m.ID != nil:
		e.asked = append(e.asked, m.Method)
		e.send(object{"id": m.ID, "result": nil})
	case m.Method == "textDocument/publishDiagnostics":
		var p lspPublished
		e.read(m.Params, &p)
		name := e.name(p.URI)
		e.shown[name], e.version[name] = p.Diagnostics, p.Version
	case m.Method == "window/showMessage":
		var p struct{ Message string }
		e.read(m.Params, &p)
		e.said = append(e.said, p.Message)
	case m.Method == "$/progress" && strings.Contains(string(m.Params), `"begin"`):
		e.begun++
	}
	return m
}

func (e *editor) read(text json.RawMessage, into any) {
	e.t.Helper()
	if err := json.Unmarshal(text, into); err != nil {
		e.t.Fatalf("%v\n%s", err, text)
	}
}

// call waits for the answer of a request.
func (e *editor) call(method string, params, result any) {
	e.t.Helper()
	if m := e.answer(method, params); m.Error != nil {
		e.t.Fatalf("%s: %+v", method, *m.Error)
	} else if result != nil && m.Result != nil {
		e.read(m.Result, result)
	}
}

func (e *editor) answer(method string, params any) lspMessage {
	e.t.Helper()
	e.calls++
	e.send(object{"id": e.calls, "method": method, "params": params})
	for {
		if m := e.receive(); m.Method == "" && m.ID == float64(e.calls) {
			return m
		}
	}
}

// until receives until an analysis has ended after which something holds.
func (e *editor) until(holds func() bool) {
	e.t.Helper()
	for {
		m := e.receive()
		if m.Method == "$/progress" && strings.Contains(string(m.Params), `"end"`) && holds() {
			return
		}
	}
}

func (e *editor) analysed() { e.t.Helper(); e.until(func() bool { return true }) }

func fileURI(path string) string {
	return (&url.URL{Scheme: "file", Path: path}).String()
}

func (e *editor) uri(name string) string { return fileURI(filepath.Join(e.dir, name)) }

func (e *editor) name(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		e.t.Fatal(err)
	}
	name, err := filepath.Rel(e.dir, u.Path)
	if err != nil {
		e.t.Fatal(err)
	}
	return name
}

func (e *editor) text(name string) string {
	e.t.Helper()
	text, err := os.ReadFile(filepath.Join(e.dir, name))
	if err != nil {
		e.t.Fatal(err)
	}
	return string(text)
}

func (e *editor) open(name, text string) {
	e.t.Helper()
	e.notify("textDocument/didOpen", object{"textDocument": object{"uri": e.uri(name), "languageId": "python", "version": 1, "text": text}})
}

func (e *editor) change(name string, version int, text string) {
	e.t.Helper()
	e.notify("textDocument/didChange", object{"textDocument": object{"uri": e.uri(name), "version": version},
		"contentChanges": []object{{"text": text}}})
}

func (e *editor) save(name string) {
	e.t.Helper()
	e.notify("textDocument/didSave", object{"textDocument": object{"uri": e.uri(name)}})
}

// actions are those offered for a range.
func (e *editor) actions(name string, r lspRange, only ...string) (actions []lspAction) {
	e.t.Helper()
	with := object{"diagnostics": []any{}}
	if len(only) > 0 {
		with["only"] = only
	}
	e.call("textDocument/codeAction", object{"textDocument": object{"uri": e.uri(name)}, "range": r, "context": with}, &actions)
	return actions
}

// apply makes the edit of an action in some texts, by name, as an editor does it: in units of UTF-16 unless inBytes.
func (e *editor) apply(a lspAction, texts map[string]string, inBytes bool) map[string]string {
	e.t.Helper()
	all := a.Edit.Changes
	for _, c := range a.Edit.DocumentChanges {
		if all == nil {
			all = map[string][]lspEdit{}
		}
		all[c.TextDocument.URI] = c.Edits
	}
	out := map[string]string{}
	for uri, list := range all {
		name := e.name(uri)
		text, known := texts[name]
		if !known {
			text = e.text(name)
		}
		out[name] = text
		for _, edit := range slices.Backward(list) { // sorted, so no edit moves another
			start, end := at(text, edit.Range.Start, inBytes), at(text, edit.Range.End, inBytes)
			out[name] = out[name][:start] + edit.NewText + out[name][end:]
		}
	}
	return out
}

// at is the offset of a position.
func at(text string, p lspPosition, inBytes bool) int {
	offset := 0
	for range p.Line {
		offset += strings.Index(text[offset:], "\n") + 1
	}
	if inBytes {
		return offset + p.Character
	}
	units := utf16.Encode([]rune(text[offset:]))
	return offset + len(string(utf16.Decode(units[:p.Character])))
}

// bye ends the run as the protocol wants it.
func (e *editor) bye() {
	e.t.Helper()
	e.call("shutdown", nil, nil)
	if m := e.answer("textDocument/codeAction", object{}); m.Error == nil {
		e.t.Error("a request is answered after shutdown")
	}
	e.notify("exit", nil)
	if err := e.command.Wait(); err != nil {
		e.t.Errorf("exit after shutdown: %v", err)
	}
	if log := e.log.String(); log != "" && len(e.said) == 0 {
		e.t.Errorf("on standard error:\n%s", log)
	}
}
