"""lazyfix for Python: `python -m lazyfix`. The tool itself is a binary; nothing here analyses anything, and
record.py alone needs SQLAlchemy."""
