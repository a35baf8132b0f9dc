"""Records each lazy load of SQLAlchemy that happens or fails, for `lazyfix --evidence FILE`.

    with lazyfix.record.start("out.jsonl"):
        ...

or `pytest --lazyfix-record=out.jsonl`. What a line says is in lazyfix's docs/evidence.md.

The program under test must not notice: everything here looks on, what goes wrong here is counted and kept to itself, and
nothing of it is loaded unless it was asked for.
"""

import json
import os
import sys
import threading
import weakref

from sqlalchemy import event
from sqlalchemy.orm import Mapper, RelationshipProperty, Session, strategies
from sqlalchemy.orm.base import PassiveFlag, instance_state

from ._places import Places, repository

HEADER = {"lazyfix": "evidence", "version": 1}
_OPTION = "_lazyfix_source"  # the execution option that takes a Source from a statement to its objects


class Source:
    """How objects came to be: a statement, and the path from its root entity to the object that it loads for."""

    __slots__ = ("statement", "places", "root", "path", "skip")

    def __init__(self, statement, places, root=None, path=(), skip=0):
        self.statement, self.places = statement, places
        self.root, self.path = root, path  # of the object that a lazy load, or a refresh, is for
        self.skip = skip  # how many relationships of its objects' own paths are in path already


def start(path, root=None, append=False):
    """Starts recording into a file: a Recorder, which is a context manager too."""
    recorder = Recorder(path, root, append)
    recorder.start()
    return recorder


class Recorder:
    """Writes the lazy loads between start() and stop() to a file, each way of each once. With append, what the file holds
    stays, and several processes may write to it."""

    def __init__(self, path, root=None, append=False):
        self.records = 0
        self.defects = 0  # observations that failed
        self.defect = ""  # the first of them
        self._path, self._append = path, append
        self._places = Places(root or repository(os.getcwd()))
        self._sources = weakref.WeakKeyDictionary()  # by the state of an object: Source, root class, path
        self._seen = set()
        self._lock = threading.Lock()
        self._file = None
        self._undo = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | (0 if self._append else os.O_TRUNC), 0o666)
        if os.fstat(self._file).st_size == 0:
            self._write(json.dumps(HEADER))
        self._listen(Session, "do_orm_execute", self._executed)
        self._listen(Mapper, "load", self._loaded)
        self._listen(Mapper, "refresh", self._refreshed)
        self._listen(Mapper, "init", self._made)
        # SQLAlchemy has no event for a load that it refuses.
        loader = getattr(strategies, "LazyLoader", None) or getattr(strategies, "_LazyLoader", None)
        self._before(loader, "_invoke_raise_load", self._refused)
        self._after(strategies, "_state_session", self._without_session)

    def stop(self):
        for undo in reversed(self._undo):
            undo()
        self._undo.clear()
        if self._file is not None:
            os.close(self._file)
            self._file = None

    # How SQLAlchemy tells.

    def _listen(self, target, name, look):
        def listener(*args, **kwargs):
            self._safely(look, *args, **kwargs)

        event.listen(target, name, listener)
        self._undo.append(lambda: event.remove(target, name, listener))

    def _before(self, owner, name, look):
        original = getattr(owner, name, None)
        if original is None:
            return  # another SQLAlchemy: what it would tell is not recorded

        def observed(*args, **kwargs):
            self._safely(look, *args, **kwargs)
            return original(*args, **kwargs)

        self._replace(owner, name, original, observed)

    def _after(self, owner, name, look):
        original = getattr(owner, name, None)
        if original is None:
            return

        def observed(*args, **kwargs):
            result = original(*args, **kwargs)
            if result is None:
                self._safely(look, *args, **kwargs)
            return result

        self._replace(owner, name, original, observed)

    def _replace(self, owner, name, original, observed):
        setattr(owner, name, observed)

        def undo():
            if getattr(owner, name) is observed:
                setattr(owner, name, original)

        self._undo.append(undo)

    def _safely(self, look, *args, **kwargs):
        if self._file is None:
            return
        try:
            look(*args, **kwargs)
        except Exception as error:
            self.defects += 1
            self.defect = self.defect or f"{type(error).__name__}: {error}"

    # What there is to tell.

    def _executed(self, execution):
        if not execution.is_orm_statement:
            return
        parent = execution.lazy_loaded_from if execution.is_select else None  # else there is no asking
        if parent is not None:
            self._lazily(execution, parent)
        elif execution.is_select and execution.is_column_load:
            state = execution.load_options._refresh_state
            if state is not None:  # what comes along belongs to the query of the object that is refreshed
                source, root, path = self._source(state)
                self._hand(execution, Source(source.statement, source.places, root, path, len(_relationships(state.load_path))))
        elif not execution.is_relationship_load:
            places, between = self._places.stack(sys._getframe(1))
            self._hand(execution, Source(_statement(execution, between), places))

    def _lazily(self, execution, parent):
        path = execution.loader_strategy_path
        relationships = _relationships(path)
        if not relationships:
            return
        source, root, before = self._source(parent)
        places, between = self._places.stack(sys._getframe(2))
        if ("attributes.py", "__get__") in between:
            if _must_fail(execution.session):
                self._note("failed", "MissingGreenlet", parent, relationships[-1], places)
            else:
                self._note("loaded", "", parent, relationships[-1], places)
        self._hand(execution, Source(source.statement, source.places, root, before + relationships[-1:], len(relationships)))

    def _hand(self, execution, source):
        execution.update_execution_options(**{_OPTION: source})

    def _loaded(self, target, context):
        source = context.execution_options.get(_OPTION)
        if source is not None:
            state = instance_state(target)
            own = _relationships(state.load_path)[source.skip :]
            root = source.root or _class(state.load_path.path[0] if state.load_path.path else state)
            self._sources[state] = source, root, source.path + own

    def _refreshed(self, target, context, attributes):
        """A query gave an object again that it had to fill. Of one that the program made, this is the first query."""
        if context is None:  # an UPDATE told it of new values
            return
        state = instance_state(target)
        known = self._sources.get(state)
        source = context.execution_options.get(_OPTION)
        if source is not None and source.root is None and (known is None or known[0].statement == "new"):
            self._loaded(target, context)

    def _made(self, target, args, kwargs):
        places, _ = self._places.stack(sys._getframe(1))
        state = instance_state(target)
        self._sources[state] = Source("new", places), state.class_, ()

    def _refused(self, loader, state, passive, lazy):
        self._note("raised", "InvalidRequestError", state, loader.parent_property, self._places.stack(sys._getframe(2))[0])

    def _without_session(self, state):
        load = sys._getframe(3)
        loader, passive = load.f_locals.get("self"), load.f_locals.get("passive")
        relationship = getattr(loader, "parent_property", None)
        if load.f_code.co_name == "_load_for_state" and isinstance(relationship, RelationshipProperty) and not passive & PassiveFlag.NO_RAISE:
            self._note("failed", "DetachedInstanceError", state, relationship, self._places.stack(load)[0])

    def _source(self, state):
        return self._sources.get(state) or (Source("unknown", ()), state.class_, ())

    # What is written.

    def _note(self, kind, error, state, relationship, read):
        source, root, path = self._source(state)
        steps = tuple(f"{r.parent.class_.__name__}.{r.key}" for r in (*path, relationship))
        way = kind, error, root.__module__, root.__qualname__, steps, source.statement, source.places, read
        if way in self._seen:
            return
        text = json.dumps(
            {
                "kind": kind,
                "error": error,
                "class": relationship.parent.class_.__name__,
                "attribute": relationship.key,
                "root": {"name": root.__qualname__, "file": self._file_of(root)},
                "path": steps,
                "statement": source.statement,
                "query": [_as_json(p) for p in source.places],
                "read": [_as_json(p) for p in read],
            },
            ensure_ascii=False,
        )
        with self._lock:
            if way not in self._seen and self._file is not None:
                self._seen.add(way)
                self.records += 1
                self._write(text)

    def _write(self, text):
        os.write(self._file, (text + "\n").encode("utf-8", "replace"))

    def _file_of(self, cls):
        return self._places.name(getattr(sys.modules.get(cls.__module__), "__file__", None) or "")


def _as_json(place):
    return dict(zip(("file", "line", "function", "code"), place))


def _relationships(path):
    return tuple(step for step in path.path if isinstance(step, RelationshipProperty))


def _class(entity):
    return getattr(entity, "mapper", entity).class_


def _statement(execution, between):
    for name, functions in {
        "get": {("session.py", "get"), ("session.py", "get_one"), ("session.py", "_get_impl")},
        "refresh": {("session.py", "refresh")},
        "query": {("query.py", "_iter"), ("query.py", "__iter__")},
    }.items():
        if between & functions:
            return name
    for name in ("select", "insert", "update", "delete"):
        if getattr(execution, f"is_{name}"):
            return name
    return "select"


def _must_fail(session):
    """Whether a load here ends in MissingGreenlet: the session is one of asyncio, and the code is not within its greenlet."""
    if session.bind is not None:
        asynchronous = session.bind.dialect.is_async
    else:
        module = sys.modules.get("sqlalchemy.ext.asyncio")
        asynchronous = module is not None and module.async_session(session) is not None
    if not asynchronous:
        return False
    current = sys.modules["greenlet"].getcurrent() if "greenlet" in sys.modules else None
    return not getattr(current, "__sqlalchemy_greenlet_provider__", False)
