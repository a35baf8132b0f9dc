"""Prints what SQLAlchemy makes of the modules named as arguments: every mapped class and its attributes, sorted."""

import importlib
import sys

from sqlalchemy import orm
from sqlalchemy.ext.associationproxy import AssociationProxy
from sqlalchemy.ext.hybrid import hybrid_property

LAZY = {True: "select", False: "joined", None: "noload"}


def place(cls):
    return f"{cls.__module__}:{cls.__qualname__}"


def lines():
    mappers = {m for r in orm.mapperlib._all_registries() for m in r.mappers}
    for mapper in mappers:
        cls = place(mapper.class_)
        yield f"mapped {cls}"
        for r in mapper.relationships:
            lazy = LAZY.get(r.lazy, r.lazy)
            yield f"relationship {cls}.{r.key} {'many' if r.uselist else 'one'} {place(r.entity.class_)} {lazy}"
        for name, d in mapper.all_orm_descriptors.items():
            if isinstance(d, hybrid_property):
                yield f"hybrid {cls}.{name}"
            elif isinstance(d, AssociationProxy):
                yield f"proxy {cls}.{name} {d.target_collection}.{d.value_attr}"
        for name in mapper.synonyms.keys():
            yield f"synonym {cls}.{name} {mapper.synonyms[name].name}"


sys.path.insert(0, ".")
for module in sys.argv[1:]:
    importlib.import_module(module)
orm.configure_mappers()
print("\n".join(sorted(set(lines()))))
