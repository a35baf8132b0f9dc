package loadflow

import "testing"

func TestFetchesDefaults(t *testing.T) {
	p := parse(t, map[string]string{"models.py": `
class Base:
    pass

class Plain(Base):
    pass

class Spaced(Base):
    __mapper_args__ = {"eager_defaults": True}

class Close(Base):
    __mapper_args__ = {'eager_defaults':True}

class Called(Base):
    __mapper_args__ = dict(eager_defaults=True)

class Auto(Base):
    __mapper_args__ = {"eager_defaults": "auto"}

class Below(Called):
    pass
`})
	a := &analysis{g: p.graph}
	for _, m := range p.graph.Modules {
		for _, c := range m.Classes {
			want := c.Name == "Spaced" || c.Name == "Close" || c.Name == "Called" || c.Name == "Below"
			if got := a.fetchesDefaults(c); got != want {
				t.Errorf("%s: %v, want %v", c.Name, got, want)
			}
		}
	}
}
