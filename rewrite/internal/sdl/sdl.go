// Package sdl turns GraphQL schemas into Python, so that load flow reads objects by their types as it does by schemas of
// Python.
//
// In: the texts of a program that may be schemas. Out: one Python text: a class for each object type, extended by what other
// texts add to it, with an annotated field for each of its fields; a union, or an interface and who implements it, as a Union;
// scalars, enums and inputs as str. A field that is spelled otherwise in Python says by which names it may be read: Ariadne
// takes orderItems from order_items, where it is asked to. The Python text is never run and never shown.
//
// gqlparser parses: kept, no more than a lexer and a parser of the language as it is specified, with block strings, directives
// and defaults. To pick out `type X { field: Y }` by ourselves is to know where those end.
package sdl

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
)

// Module is the path of the module that has the Python text: none of a file.
const Module = "<graphql>"

var typeStart = regexp.MustCompile(`(?m)(?:^|[\s}])(?:type|interface)\s+[_A-Za-z][_0-9A-Za-z]*[^{}"']*\{`)

// Likely reports whether a text has a type of a schema. Queries of clients have none.
func Likely(text string) bool { return strings.Contains(text, "{") && typeStart.MatchString(text) }

// Schema collects types.
type Schema struct{ doc ast.SchemaDocument }

// Add takes the types of a text. One that does not parse changes nothing; line is where, from 1, 0 where that is not known.
func (s *Schema) Add(text string) (line int, err error) {
	doc, err := parser.ParseSchema(&ast.Source{Input: text})
	if err == nil {
		s.doc.Merge(doc)
		return 0, nil
	}
	if found, ok := errors.AsType[*gqlerror.Error](err); ok {
		if len(found.Locations) > 0 {
			line = found.Locations[0].Line
		}
		return line, errors.New(found.Message)
	}
	return 0, err
}

// Python is the text of all types.
func (s *Schema) Python() string {
	all := slices.Concat(s.doc.Definitions, s.doc.Extensions)
	leaves := map[string]bool{"String": true, "Int": true, "Float": true, "Boolean": true, "ID": true}
	fields, choices, interfaces := map[string]ast.FieldList{}, map[string][]string{}, map[string][]string{}
	var names []string
	for _, d := range all {
		if reserved[d.Name] {
			continue
		}
		switch d.Kind {
		case ast.Scalar, ast.Enum, ast.InputObject:
			leaves[d.Name] = true
			continue
		case ast.Union:
			choices[d.Name] = append(choices[d.Name], d.Types...)
		case ast.Object:
			for _, i := range d.Interfaces {
				choices[i] = append(choices[i], d.Name)
				interfaces[d.Name] = append(interfaces[d.Name], i)
			}
		case ast.Interface:
		}
		if !slices.Contains(names, d.Name) {
			names = append(names, d.Name)
		}
		fields[d.Name] = append(fields[d.Name], d.Fields...)
	}
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	var out strings.Builder
	out.WriteString("from typing import Union\nfrom pydantic import AliasChoices, Field\n")
	for _, name := range names {
		if members := choices[name]; len(members) > 0 {
			slices.Sort(members)
			fmt.Fprintf(&out, "%s = Union[%s]\n", name, strings.Join(slices.Compact(members), ", "))
			continue
		}
		fmt.Fprintf(&out, "class %s:\n    %s = %s\n", name, Implements, tuple(interfaces[name]))
		seen := map[string]bool{}
		for _, f := range fields[name] {
			if seen[f.Name] {
				continue
			}
			seen[f.Name] = true
			fmt.Fprintf(&out, "    %s: %s%s\n", Field(f.Name), spelled(f.Type, leaves), readFrom(f.Name))
		}
	}
	return out.String()
}

// Implements is the name by which a class says what interfaces its type has, as a tuple of strings.
const Implements = "__implements__"

func tuple(names []string) string {
	var out strings.Builder
	for _, name := range names {
		fmt.Fprintf(&out, "%q, ", name)
	}
	return "(" + out.String() + ")"
}

// Field is the name of a field in its class.
func Field(name string) string {
	if reserved[name] {
		return name + "_"
	}
	return name
}

// readFrom is the value of a field that may be read by another name than its own.
func readFrom(name string) string {
	snake := snakeCase(name)
	switch {
	case snake != name:
		return fmt.Sprintf(" = Field(validation_alias=AliasChoices(%q, %q))", name, snake)
	case reserved[name]:
		return fmt.Sprintf(" = Field(validation_alias=%q)", name)
	}
	return ""
}

func spelled(t *ast.Type, leaves map[string]bool) string {
	switch {
	case t.Elem != nil:
		return "list[" + spelled(t.Elem, leaves) + "]"
	case leaves[t.NamedType]:
		return "str"
	}
	return t.NamedType
}

// snakeCase is a name as Ariadne spells it in Python: its convert_camel_case_to_snake.
func snakeCase(name string) string {
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	lower := strings.ToLower(name)
	var out []byte
	for i := range len(name) {
		if i > 0 {
			before, upper := name[i-1], name[i] != lower[i]
			if upper && before != '_' && before == out[len(out)-1] || // testWord
				upper && i < len(name)-1 && name[i+1] == lower[i+1] && name[i+1] != '_' || // TESTWord
				digit(name[i]) && !digit(before) || !digit(name[i]) && name[i] != '_' && digit(before) {
				out = append(out, '_')
			}
		}
		out = append(out, lower[i])
	}
	return string(out)
}

// reserved are the keywords of Python.
var reserved = func() map[string]bool {
	out := map[string]bool{}
	for _, word := range strings.Fields(`False None True and as assert async await break class continue def del elif else except
		finally for from global if import in is lambda nonlocal not or pass raise return try while with yield`) {
		out[word] = true
	}
	return out
}()
