// Package lsp serves lazyfix to an editor, by the Language Server Protocol.
//
// In: the editor's messages, and a function that analyses a folder with the texts that the editor has open in place of
// those on disk. Out: diagnostics of all files of the workspace, with the way from the read to the query, and code actions
// that make one fix, or all of a file, wherever their edits are.
//
// A finding in one file has its reason in others, so each analysis is one of the whole folder. That takes seconds on a
// large program: it runs when a folder or document is opened, a document saved, or a file changed on disk by others, and
// never while somebody types (see schedule). What is shown holds for the texts that were analysed. The editor moves its
// diagnostics along with what is typed; an edit would land beside its place, so a fix is offered only as long as all texts
// that it changes are what they were.
//
// Messages are handled one after another, in their order. The library's own loop runs each in a goroutine, and then a code
// action can see the text from before the change that was sent ahead of it.
//
// No type of go.lsp.dev leaves this package.
package lsp
