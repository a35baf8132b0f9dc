package pysyntax

import (
	"context"
	"errors"
	"fmt"
	"math"

	sitter "github.com/smacker/go-tree-sitter"
	"github.com/smacker/go-tree-sitter/python"
)

// MaxSize is the largest file that is parsed, in bytes: the parser takes about a minute and 60 times the size in memory
// beyond it.
const MaxSize = 16 << 20

// limitOf bounds one parse, in microseconds: the grammar's scanner is quadratic in dedented comment lines, and ten thousand
// of them would take minutes. It grows with the file, and is some hundred times what a file of that size needs, so that a
// busy machine does not reach it.
func limitOf(size int) int { return 10_000_000 + 5*size }

// ErrTooLarge and ErrTooSlow say that a file was not parsed though nothing is wrong with it.
var (
	ErrTooLarge = fmt.Errorf("larger than %d MiB", MaxSize>>20)
	ErrTooSlow  = errors.New("parsing took too long and was stopped")
)

// Parser parses one file after the other. It is not safe for concurrent use: one a worker.
type Parser struct {
	parser *sitter.Parser
	limit  func(size int) int // of one parse, in microseconds
}

// NewParser is ready to use. Close gives its memory back.
func NewParser() *Parser { return &Parser{limit: limitOf} }

// Close frees the parser; a later Parse makes a new one.
func (p *Parser) Close() {
	if p.parser != nil {
		p.parser.Close()
		p.parser = nil
	}
}

// Parse makes the tree of source, which must not change afterwards. A file with syntax errors has a tree too (see
// Tree.HasError); an error means that there is none. The parser is dropped after an error, because a stopped parse
// would go on with the next file. No cancellable context is used: it kills a parser even after success.
func (p *Parser) Parse(source []byte) (*Tree, error) {
	if len(source) > MaxSize || len(source) > math.MaxInt32 {
		return nil, ErrTooLarge
	}
	if p.parser == nil {
		p.parser = sitter.NewParser()
		p.parser.SetLanguage(python.GetLanguage())
	}
	nodes, err := p.nodes(source)
	if err != nil {
		return nil, err
	}
	if nodes[0].flags&flagError != 0 {
		if text := older(source); text != nil {
			if retried, err := p.nodes(text); err == nil && errorNodes(retried) < errorNodes(nodes) {
				nodes = retried
			}
		}
	}
	return &Tree{source: source, nodes: nodes, lines: lineStarts(source), depth: depthOf(nodes)}, nil
}

// nodes parses once.
func (p *Parser) nodes(source []byte) ([]record, error) {
	p.parser.SetOperationLimit(p.limit(len(source)))
	tree, err := p.parser.ParseCtx(context.Background(), nil, source)
	if err != nil {
		p.Close()
		if errors.Is(err, sitter.ErrOperationLimit) {
			return nil, ErrTooSlow
		}
		return nil, err
	}
	defer tree.Close()
	nodes := flatten(tree.RootNode(), len(source))
	for i := range nodes {
		if s := int(nodes[i].kind); s < len(symbolKinds) {
			nodes[i].kind = symbolKinds[s]
		} else if s == errorSymbol {
			nodes[i].kind = Error
		} else {
			nodes[i].kind = Other
		}
	}
	outerSplats(nodes)
	return withoutParentheses(nodes, source), nil
}

// errorNodes counts the nodes in or around which something did not parse.
func errorNodes(nodes []record) int {
	n := 0
	for i := range nodes {
		if nodes[i].flags != 0 || nodes[i].kind == Error {
			n++
		}
	}
	return n
}

// errorSymbol is tree-sitter's ts_builtin_sym_error.
const errorSymbol = math.MaxUint16
