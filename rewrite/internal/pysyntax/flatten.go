package pysyntax

// The C side of the copy. The functions of tree-sitter come from the runtime that the binding links; its header is not
// on our include path, so the few prototypes we need are repeated here (api.h, ABI 14). The node is passed by value: a
// pointer to Go memory that holds C pointers panics under cgocheck.

/*
#cgo darwin LDFLAGS: -Wl,-undefined,dynamic_lookup
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

typedef struct { uint32_t context[4]; const void *id; const void *tree; } lf_node;
typedef struct { const void *tree; const void *id; uint32_t context[3]; } lf_cursor;

// Weak, because cgo links this package alone once, without the runtime: a linker flag that allows for that is not known
// to zig's linker, which builds the wheels.
#define LF_RUNTIME extern __attribute__((weak))

LF_RUNTIME uint16_t ts_node_symbol(lf_node);
LF_RUNTIME uint32_t ts_node_start_byte(lf_node);
LF_RUNTIME uint32_t ts_node_end_byte(lf_node);
LF_RUNTIME bool ts_node_is_named(lf_node);
LF_RUNTIME bool ts_node_is_missing(lf_node);
LF_RUNTIME bool ts_node_has_error(lf_node);
LF_RUNTIME lf_cursor ts_tree_cursor_new(lf_node);
LF_RUNTIME void ts_tree_cursor_delete(lf_cursor *);
LF_RUNTIME lf_node ts_tree_cursor_current_node(const lf_cursor *);
LF_RUNTIME uint16_t ts_tree_cursor_current_field_id(const lf_cursor *);
LF_RUNTIME bool ts_tree_cursor_goto_parent(lf_cursor *);
LF_RUNTIME bool ts_tree_cursor_goto_next_sibling(lf_cursor *);
LF_RUNTIME bool ts_tree_cursor_goto_first_child(lf_cursor *);

typedef struct {
	uint32_t start, end;
	int32_t parent, subtree_end;
	uint16_t symbol;
	uint8_t field, flags;
} lf_record;

typedef struct { lf_record *items; int32_t len, cap; } lf_array;

static int32_t lf_push(lf_array *a, lf_record r) {
	if (a->len == a->cap) {
		int32_t cap = a->cap ? a->cap * 2 : 1024;
		lf_record *items = realloc(a->items, (size_t)cap * sizeof(lf_record));
		if (!items) return -1;
		a->items = items;
		a->cap = cap;
	}
	a->items[a->len] = r;
	return a->len++;
}

// lf_flatten writes the named nodes below root in pre-order. It keeps no stack of its own: an anonymous node is a leaf
// in this grammar but for errors, and is passed over with whatever it holds; the parent of a record is the way up.
static lf_array lf_flatten(lf_node root, uint32_t hint) {
	lf_array out = {0};
	if (hint) {
		out.items = malloc((size_t)hint * sizeof(lf_record));
		if (out.items) out.cap = (int32_t)hint;
	}
	lf_cursor cursor = ts_tree_cursor_new(root);
	int32_t parent = -1;
	for (;;) {
		lf_node n = ts_tree_cursor_current_node(&cursor);
		bool named = ts_node_is_named(n);
		bool missing = ts_node_is_missing(n);
		if (named || missing) {
			lf_record r;
			r.start = ts_node_start_byte(n);
			r.end = ts_node_end_byte(n);
			r.parent = parent;
			r.subtree_end = 0;
			r.symbol = ts_node_symbol(n);
			r.field = (uint8_t)ts_tree_cursor_current_field_id(&cursor);
			r.flags = (ts_node_has_error(n) ? 1 : 0) | (missing ? 2 : 0);
			int32_t at = lf_push(&out, r);
			if (at < 0) break;
			if (ts_tree_cursor_goto_first_child(&cursor)) { parent = at; continue; }
			out.items[at].subtree_end = out.len;
		}
		bool done = false;
		while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
			if (!ts_tree_cursor_goto_parent(&cursor)) { done = true; break; }
			out.items[parent].subtree_end = out.len;
			parent = out.items[parent].parent;
		}
		if (done) break;
	}
	ts_tree_cursor_delete(&cursor);
	return out;
}
*/
import "C"

import (
	"unsafe"

	sitter "github.com/smacker/go-tree-sitter"
)

// record is one node, laid out as lf_record.
type record struct {
	start, end         uint32
	parent, subtreeEnd int32
	kind               Kind // the grammar's symbol until translated
	field              Field
	flags              uint8
}

const (
	flagError   = 1 // the node or something below it did not parse
	flagMissing = 2 // the parser invented the node
)

// flatten copies the tree below root to Go memory. The tree may be closed afterwards.
func flatten(root *sitter.Node, size int) []record {
	// The binding keeps the C node as the first field of its Node; it has no accessor for it.
	array := C.lf_flatten(*(*C.lf_node)(unsafe.Pointer(root)), C.uint32_t(size/6+16))
	defer C.free(unsafe.Pointer(array.items))
	nodes := make([]record, int(array.len))
	copy(nodes, unsafe.Slice((*record)(unsafe.Pointer(array.items)), int(array.len)))
	return nodes
}
