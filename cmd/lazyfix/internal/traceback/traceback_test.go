package traceback

import (
	"fmt"
	"strings"
	"testing"
)

const greenletText = "greenlet_spawn has not been called; can't call await_only() here. Was IO attempted in an unexpected place?"

// told is a failure in short: kind, class, attribute, and its frames.
func told(failures []Failure) string {
	var out []string
	for _, f := range failures {
		text := fmt.Sprintf("%s %s.%s", f.Kind, f.Class, f.Attr)
		if f.Expired {
			text += " expired"
		}
		for _, frame := range f.Frames {
			text += fmt.Sprintf(" | %s:%d %s [%s] %s", frame.File, frame.Line, frame.Function, frame.Code, frame.MarkedAttr())
		}
		out = append(out, text)
	}
	return strings.Join(out, "\n")
}

func TestParse(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"plain, with the prefix of a log, Windows paths and line ends", "INFO x\r\n  | Traceback (most recent call last):\r\n" +
			"  |   File \"C:\\app\\a.py\", line 12, in show\r\n  |     return order.items\r\n  |            ^^^^^^^^^^^\r\n  | sqlalchemy.exc.MissingGreenlet: " + greenletText + "\r\n",
			"MissingGreenlet . | C:/app/a.py:12 show [return order.items] items"},
		{"no marks, a method of a local class, more on the line", "Traceback (most recent call last):\n  File \"/a.py\", line 3, in A.f.<locals>.g\n    x.y.z()\nsqlalchemy.orm.exc.DetachedInstanceError: Instance <A at 0x7f> is not bound to a Session; attribute refresh operation cannot proceed\n",
			"DetachedInstanceError A. expired | /a.py:3 A.f.<locals>.g [x.y.z()] "},
		{"two tracebacks, one of something else, and an exception in a source line",
			"Traceback (most recent call last):\n  File \"/a.py\", line 1, in f\nValueError: no\n\nTraceback (most recent call last):\n  File \"/b.py\", line 2, in g\n    raise InvalidRequestError(\nsqlalchemy.exc.InvalidRequestError: 'A.bs' is not available due to lazy='raise'\n" +
				"\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File \"/c.py\", line 3, in h\nKeyError: 1\n",
			"InvalidRequestError A.bs | /b.py:2 g [raise InvalidRequestError(] "},
		{"other requests that are invalid", "sqlalchemy.exc.InvalidRequestError: This Session's transaction has been rolled back\n", ""},
		{"pytest, its long style", "____ test_it ____\n\n    def test_it():\n>       show(order)\n\ntest_a.py:7: \n_ _ _ _ _\n\n    def show(order):\n>       return order.items\nE       sqlalchemy.exc.MissingGreenlet: " + greenletText + "\n\napp/a.py:3: MissingGreenlet\n",
			"MissingGreenlet . | test_a.py:7  [show(order)]  | app/a.py:3  [return order.items] "},
		{"FastAPI, with its endpoint below", "Traceback (most recent call last):\n  File \"/site-packages/fastapi/routing.py\", line 1, in app\nfastapi.exceptions.ResponseValidationError: 1 validation error:\n" +
			"  {'type': 'get_attribute_error', 'loc': ('response', 0, 'items'), 'msg': \"Error extracting attribute: MissingGreenlet: " + greenletText + "\"}\n\n  File \"/a.py\", line 6, in ship\n    GET /ships/{id}\n",
			"MissingGreenlet .items | /site-packages/fastapi/routing.py:1 app []  | /a.py:6 ship [GET /ships/{id}] "},
		{"an export of Sentry's API", `[{"entries": [{"type": "message"}, {"type": "exception", "data": {"values": [{"type": "MissingGreenlet", "value": "` + greenletText + `",
			"stacktrace": {"frames": [{"absPath": "/srv/a.py", "filename": "a.py", "lineNo": 4, "function": "f", "context": [[3, "x"], [4, "  return a.b"]]}]}}]}}]}]`,
			"MissingGreenlet . | /srv/a.py:4 f [return a.b] "},
		{"a log that begins as JSON does", "[1] Traceback (most recent call last):\n  File \"/a.py\", line 1, in f\nsqlalchemy.exc.MissingGreenlet: " + greenletText, "MissingGreenlet . | /a.py:1 f [] "},
		{"JSON of something else", `{"a": [1, null, {"stacktrace": {"frames": 3}}]}`, ""},
		{"nothing", "", ""},
		{"a line number beyond all", "Traceback (most recent call last):\n  File \"/a.py\", line 99999999999999999999, in f\nsqlalchemy.exc.MissingGreenlet: " + greenletText, "MissingGreenlet . | /a.py:9223372036854775807 f [] "},
	} {
		if got := told(Parse([]byte(test.text))); got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.name, got, test.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("Traceback (most recent call last):\n  File \"/a.py\", line 1, in f\n    x\n    ^\nsqlalchemy.exc.MissingGreenlet: " + greenletText))
	f.Add([]byte(`{"exception": {"values": [{"value": "` + greenletText + `", "stacktrace": {"frames": [{"lineno": 1}]}}]}}`))
	f.Add([]byte("a.py:1: in f\n    x.y\n ~^~\nE   x.MissingGreenlet: " + greenletText + "\n\na.py:1: X\n"))
	f.Fuzz(func(_ *testing.T, text []byte) { Parse(text) }) // does not panic
}
