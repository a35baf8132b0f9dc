package lsp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/lazyfix/lazyfix/rewrite"
)

// Options are what a server works with.
type Options struct {
	Version string
	// Analyze analyses a folder. The texts in open, by absolute paths without symbolic links, stand for those on disk.
	Analyze func(ctx context.Context, folder string, open map[string][]byte) (*rewrite.Result, error)
	Delay   time.Duration // from the last event to the analysis
	Log     io.Writer
}

// Serve serves an editor until it says goodbye, its stream ends, or ctx does. Clean says that it said goodbye as the
// protocol wants it, which decides about the exit code.
func Serve(ctx context.Context, in io.Reader, out io.Writer, o Options) (clean bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &server{
		options: o, schedule: newSchedule(o.Delay), exit: make(chan struct{}),
		documents: map[string]document{}, analyses: map[string]*analysis{}, published: map[string][]uri.URI{},
	}
	conn := jsonrpc2.NewConn(jsonrpc2.NewHeaderStream(stream{in, out}), jsonrpc2.WithCodec(codec{}))
	s.client = protocol.ClientDispatcher(conn)
	var analyses sync.WaitGroup
	analyses.Go(func() { s.schedule.serve(ctx, s.analyze) })
	conn.Go(ctx, s.inOrder(protocol.ServerHandler(s, jsonrpc2.MethodNotFoundHandler)))
	select {
	case <-conn.Done():
		err = conn.Err()
	case <-s.exit:
	case <-ctx.Done():
	}
	cancel()
	analyses.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shutdown, err
}

// stream is what the library reads from and writes to. Closing it closes nothing: both belong to the caller.
type stream struct {
	io.Reader
	io.Writer
}

func (stream) Close() error { return nil }

// codec spells payloads as the protocol does. The library has the same and gives it to those only who take its loop, too.
type codec struct{}

func (codec) Marshal(v any) ([]byte, error) {
	if raw, ok := v.(jsonrpc2.RawMessage); ok && raw != nil {
		return raw, nil
	}
	return protocol.Marshal(v)
}

func (codec) Unmarshal(data []byte, v any) error {
	if raw, ok := v.(*jsonrpc2.RawMessage); ok {
		*raw = slices.Clone(data)
		return nil
	}
	return protocol.Unmarshal(data, v)
}

// server is one editor's. The fields up to mu do not change after Initialize.
type server struct {
	protocol.UnimplementedServer
	options  Options
	client   protocol.Client
	editor   editor
	schedule schedule
	exit     chan struct{}
	leave    sync.Once

	mu          sync.Mutex
	initialized bool
	shutdown    bool
	folders     []folder
	documents   map[string]document  // by path without symbolic links
	analyses    map[string]*analysis // the last one of each folder, by its path without symbolic links
	published   map[string][]uri.URI // by folder: what has diagnostics
	complaint   string               // the last one
}

// editor is what the other side can do.
type editor struct {
	utf8, related, versioned, progress, watch bool
}

// folder is one of the workspace.
type folder struct{ path, real string }

// inOrder holds what the protocol says of requests before initialize and after shutdown, and keeps a notification that
// cannot be handled from ending the connection.
func (s *server) inOrder(handle jsonrpc2.Handler) jsonrpc2.Handler {
	return func(ctx context.Context, r *jsonrpc2.Request) (any, error) {
		method := strings.Clone(r.Method())
		s.mu.Lock()
		early, late := !s.initialized && method != protocol.MethodInitialize, s.shutdown
		s.mu.Unlock()
		switch {
		case method == protocol.MethodExit:
		case early && r.IsCall():
			return nil, jsonrpc2.NewError(jsonrpc2.ServerNotInitialized, "initialize comes first")
		case late && r.IsCall():
			return nil, jsonrpc2.NewError(jsonrpc2.InvalidRequest, "the server is shut down")
		case early || late:
			return nil, nil
		}
		call := r.IsCall()
		result, err := handle(ctx, r)
		if err != nil && !call {
			if !errors.Is(err, jsonrpc2.ErrMethodNotFound) { // editors say much that is of no concern here
				s.log(fmt.Errorf("%s: %w", method, err))
			}
			return nil, nil
		}
		return result, err
	}
}

// Initialize says what either side can do.
func (s *server) Initialize(_ context.Context, params *protocol.InitializeParams) (*protocol.InitializeResult, error) {
	s.editor = editorOf(params.Capabilities)
	var folders []protocol.WorkspaceFolder
	if named, ok := params.WorkspaceFolders.Get(); ok {
		folders = named
	} else if root := params.RootURI; root != nil { //nolint:staticcheck // all that some editors say
		folders = []protocol.WorkspaceFolder{{URI: *root}}
	}
	s.mu.Lock()
	s.initialized = true
	for _, f := range folders {
		s.addFolder(f.URI)
	}
	s.mu.Unlock()
	encoding := protocol.PositionEncodingKindUTF16
	if s.editor.utf8 {
		encoding = protocol.PositionEncodingKindUTF8
	}
	yes, whole := true, protocol.TextDocumentSyncKindFull
	return &protocol.InitializeResult{
		ServerInfo: protocol.ServerInfo{Name: "lazyfix", Version: protocol.NewOptional(s.options.Version)},
		Capabilities: protocol.ServerCapabilities{
			PositionEncoding:   encoding,
			TextDocumentSync:   &protocol.TextDocumentSyncOptions{OpenClose: &yes, Change: &whole, Save: protocol.Boolean(true)},
			CodeActionProvider: &protocol.CodeActionOptions{CodeActionKinds: []protocol.CodeActionKind{protocol.CodeActionKindQuickFix, fixAll}},
			Workspace: &protocol.WorkspaceOptions{WorkspaceFolders: &protocol.WorkspaceFoldersServerCapabilities{
				Supported: &yes, ChangeNotifications: protocol.Boolean(true),
			}},
		},
	}, nil
}

func editorOf(c protocol.ClientCapabilities) (e editor) {
	is := func(b *bool) bool { return b != nil && *b }
	if c.General != nil {
		e.utf8 = slices.Contains(c.General.PositionEncodings, protocol.PositionEncodingKindUTF8)
	}
	if c.TextDocument != nil && c.TextDocument.PublishDiagnostics != nil {
		e.related = is(c.TextDocument.PublishDiagnostics.RelatedInformation)
	}
	if w := c.Workspace; w != nil {
		e.versioned = w.WorkspaceEdit != nil && is(w.WorkspaceEdit.DocumentChanges)
		e.watch = w.DidChangeWatchedFiles != nil && is(w.DidChangeWatchedFiles.DynamicRegistration)
	}
	e.progress = c.Window != nil && is(c.Window.WorkDoneProgress)
	return e
}

// watched are the files whose change on disk can change what is found.
const watched = "**/{*.py,*.j2,*.jinja,*.jinja2,*.html,*.htm,pyproject.toml,lazyfix.toml,.gitignore,.ignore}"

// Initialized is the start: the workspace is analysed.
func (s *server) Initialized(ctx context.Context, _ *protocol.InitializedParams) error {
	s.schedule.ask()
	if !s.editor.watch {
		return nil
	}
	options, err := protocol.Marshal(&protocol.DidChangeWatchedFilesRegistrationOptions{
		Watchers: []protocol.FileSystemWatcher{{GlobPattern: protocol.Pattern(watched)}},
	})
	if err != nil {
		return err
	}
	ctx = jsonrpc2.DetachContext(ctx)
	go func() { // its answer comes by the loop that runs this method
		err := s.client.RegisterCapability(ctx, &protocol.RegistrationParams{Registrations: []protocol.Registration{
			{ID: "watch", Method: protocol.MethodWorkspaceDidChangeWatchedFiles, RegisterOptions: options},
		}})
		if err != nil {
			s.log(fmt.Errorf("the editor does not watch files: %w", err))
		}
	}()
	return nil
}

// DidChangeWorkspaceFolders adds and removes folders.
func (s *server) DidChangeWorkspaceFolders(_ context.Context, params *protocol.DidChangeWorkspaceFoldersParams) error {
	s.mu.Lock()
	for _, f := range params.Event.Removed {
		real := realPath(f.URI)
		s.folders = slices.DeleteFunc(s.folders, func(f folder) bool { return f.real == real })
	}
	for _, f := range params.Event.Added {
		s.addFolder(f.URI)
	}
	s.mu.Unlock()
	s.schedule.ask()
	return nil
}

// addFolder has mu held.
func (s *server) addFolder(u uri.URI) {
	if real := realPath(u); real != "" && !slices.ContainsFunc(s.folders, func(f folder) bool { return f.real == real }) {
		s.folders = append(s.folders, folder{filepath.Clean(u.FsPath()), real})
	}
}

// Shutdown announces exit.
func (s *server) Shutdown(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shutdown = true
	return nil
}

// Exit ends Serve.
func (s *server) Exit(context.Context) error {
	s.leave.Do(func() { close(s.exit) })
	return nil
}
