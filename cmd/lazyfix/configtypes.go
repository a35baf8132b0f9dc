package main

import (
	"fmt"
	"strings"
)

// The types of a configuration's keys. The TOML library tells which Go types do not fit, and of errors that a type finds
// itself it knows the line: these say what a user is to write.
type (
	texts []string
	text  string
	yesNo bool
)

func (texts) wanted() string { return "a list of strings" }
func (text) wanted() string  { return "a string" }
func (yesNo) wanted() string { return "true or false" }

// UnmarshalTOML takes a list of strings.
func (t *texts) UnmarshalTOML(data any) error {
	list, ok := data.([]any)
	if !ok {
		return wrongType(t.wanted(), foundType(data))
	}
	*t = texts{}
	for _, one := range list {
		s, ok := one.(string)
		if !ok {
			return wrongType(t.wanted(), "a list with "+foundType(one)+" in it")
		}
		*t = append(*t, s)
	}
	return nil
}

// UnmarshalTOML takes a string.
func (t *text) UnmarshalTOML(data any) error {
	s, ok := data.(string)
	if !ok {
		return wrongType(t.wanted(), foundType(data))
	}
	*t = text(s)
	return nil
}

// UnmarshalTOML takes a boolean.
func (y *yesNo) UnmarshalTOML(data any) error {
	b, ok := data.(bool)
	if !ok {
		return wrongType(y.wanted(), foundType(data))
	}
	*y = yesNo(b)
	return nil
}

// wanted begins the errors of these types, as the library hands on their text and not them.
const wanted = "want "

func wrongType(what, found string) error { return fmt.Errorf("%s%s, not %s", wanted, what, found) }

// foundType names a value as one who wrote TOML would.
func foundType(data any) string {
	switch v := data.(type) {
	case string:
		return fmt.Sprintf("the string %q", v)
	case int64, float64:
		return fmt.Sprintf("the number %v", v)
	case bool:
		return fmt.Sprint(v)
	case []any:
		return "a list"
	case map[string]any:
		return "a table"
	case []map[string]any:
		return "a list of tables"
	}
	return "a date or time" // TOML has nothing else
}

// lineOf is the line in an error of the TOML library that has it in its text only; 0 where it has none.
func lineOf(err error) int {
	line := 0
	_, _ = fmt.Sscanf(strings.TrimPrefix(err.Error(), "toml: "), "line %d", &line)
	return line
}
