package sdl

import "testing"

func TestPython(t *testing.T) {
	const head = "from typing import Union\nfrom pydantic import AliasChoices, Field\n"
	for _, c := range []struct {
		name  string
		texts []string
		want  string
	}{
		{"no types", []string{"scalar Money enum State { NEW }"}, ""},
		{
			"fields", []string{`type Order @key(fields: "id") { "a {text}" id: ID! items(first: Int = 1): [Item!]! orderNotes: Note from: Item }`},
			head + "class Order:\n    __implements__ = ()\n    id: str\n    items: list[Item]\n" +
				"    orderNotes: Note = Field(validation_alias=AliasChoices(\"orderNotes\", \"order_notes\"))\n" +
				"    from_: Item = Field(validation_alias=\"from\")\n",
		},
		{
			"extended elsewhere", []string{"extend type A { b: Int }", "type A { a: Int b: Int }"},
			head + "class A:\n    __implements__ = ()\n    a: str\n    b: str\n",
		},
		{
			"a union and an interface", []string{"interface N { id: ID } type A implements N { id: ID } type B { n: N } union U = B | A"},
			head + "class A:\n    __implements__ = (\"N\", )\n    id: str\nclass B:\n    __implements__ = ()\n    n: N\nN = Union[A]\nU = Union[A, B]\n",
		},
		{"a keyword", []string{"type None { a: Int }"}, ""},
	} {
		var s Schema
		for _, text := range c.texts {
			if line, err := s.Add(text); err != nil {
				t.Errorf("%s: line %d: %v", c.name, line, err)
			}
		}
		if got := s.Python(); got != c.want {
			t.Errorf("%s: got\n%swant\n%s", c.name, got, c.want)
		}
	}
}

func TestAddNamesTheLine(t *testing.T) {
	var s Schema
	if line, err := s.Add("type A { a: Int }\ntype B { a }\n"); line != 2 || err == nil {
		t.Errorf("line %d, %v", line, err)
	}
	if got := s.Python(); got != "" {
		t.Errorf("a text that does not parse gave %s", got)
	}
}

// What Ariadne's convert_camel_case_to_snake gives.
func TestSnakeCase(t *testing.T) {
	for name, want := range map[string]string{
		"URL": "url", "testURL": "test_url", "URLTest": "url_test", "Rfc123": "rfc_123", "134test": "134_test", "a_B": "a_b",
		"orderItems": "order_items", "isB": "is_b", "x": "x", "order2Items": "order_2_items", "_id": "_id",
	} {
		if got := snakeCase(name); got != want {
			t.Errorf("%s: %s, not %s", name, got, want)
		}
	}
}

func TestLikely(t *testing.T) {
	for text, want := range map[string]bool{
		"type A { a: Int }": true, "\n  extend type A @x {": true, "type A implements B & C\n{ a: Int }": true, "scalar X type A{a: B}": true,
		"query orders { orders { id } }": false, "the type of it": false, "mutation { type A }": false, "subtype A {": false,
		`{"type": "object"}`: false,
	} {
		if got := Likely(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
