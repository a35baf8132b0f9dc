package loadflow

import (
	"maps"
	"strings"
)

// env is what each name may be at one point of a function. Beside names its keys are:
//
//   - "order.customer": an attribute that was assigned through a name; reading it again loads nothing
//   - "order.items?": that it was asked whether the attribute is loaded, and it is (load_guarded.go)
//   - "orders[]" (alias.go): who else holds the container of a name
//   - joinPrefix and what follows it (key_join.go): an object whose column waits for its flush
//   - onTheWay (rollback.go): that a session was rolled back
//   - unspelledPrefix and what follows it (set_unspelled.go): what an attribute is set to whose name does not stand there
//   - overPrefix and a loop (loop_over.go): what the loop goes over
//   - underConstruction, result: see below
//
// None of these but the first is a name or an attribute of Python's.
type env map[string]value

const (
	underConstruction = "<made>"   // the object whose constructor is called
	result            = "<result>" // what a call gives, while what it does to its arguments is done here
)

// spelledAs is the name or attribute that a key stands for, "" where the code has no name for it.
func spelledAs(key string) string {
	if key == underConstruction || key == result || strings.HasPrefix(key, unspelledPrefix) {
		return ""
	}
	return key
}

// through is v after do, which changes what the environment holds, kept there under a key meanwhile.
func (x *interp) through(key string, v value, do func()) value {
	before, nested := x.env[key]
	x.env[key] = v
	do()
	v = x.env[key]
	if delete(x.env, key); nested {
		x.env[key] = before
	}
	return v
}

// branch runs f from a copy of e and gives the environment behind it, nil when it is not reached.
func (x *interp) branch(e env, f func() bool) env {
	x.env = maps.Clone(e)
	if !f() {
		return nil
	}
	return x.env
}

// meet goes on from several environments, nil ones left out; false when none is reached.
func (x *interp) meet(envs ...env) bool {
	var out env
	reached := false
	for _, e := range envs {
		if e == nil {
			continue
		}
		out = x.joinEnv(out, e, reached)
		reached = true
	}
	if out == nil {
		out = env{}
	}
	x.env = out
	return reached
}

// joinEnv is the environment where two ways meet. What is known of an attribute must hold on both; a statement that got
// options on one way only is taken as the one that has them: its author made the choice.
func (x *interp) joinEnv(a, b env, have bool) env {
	if !have {
		return maps.Clone(b)
	}
	out := env{}
	for k, v := range a {
		w, ok := b[k]
		if !ok && isAttribute(k) && !b.refreshedIn(k) {
			continue
		}
		out[k] = x.a.t.meetShapes(mergeGuarded(x.mergeGiven(meetRekeyed(v, w))))
	}
	for k, w := range b {
		if _, ok := a[k]; !ok && (!isAttribute(k) || a.refreshedIn(k)) {
			out[k] = w
		}
	}
	return out
}

func isAttribute(key string) bool { return strings.Contains(key, ".") }

// forgetAttributes drops what was assigned to attributes of a name, and what is known of those that it names.
func (x *interp) forgetAttributes(name string) {
	named := ".*" + name + "?"
	for k := range x.env {
		if len(k) > len(name) && k[len(name)] == '.' && strings.HasPrefix(k, name) || strings.HasSuffix(k, named) {
			delete(x.env, k)
		}
	}
}
