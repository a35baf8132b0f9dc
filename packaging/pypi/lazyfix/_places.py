"""Where in the user's code something happens: the stack, less what is not the user's."""

import linecache
import os
import sys
import sysconfig

MOST = 12  # places that are kept of a stack, from the innermost


def repository(start):
    """The nearest folder at or above start that git knows, else start itself: what lazyfix takes for the root, too."""
    start = os.path.realpath(start)
    folder = start
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return start
        folder = parent
    return folder


class Places:
    """Names the user's files. User code is below the root, and no installed package or part of Python."""

    def __init__(self, root):
        self.root = os.path.realpath(root)
        self._names = {}  # by the name that Python has for a file
        own = os.path.dirname(os.path.abspath(__file__))
        python = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib")]
        self._foreign = tuple(os.path.realpath(path) + os.sep for path in [own, *python])

    def name(self, file):
        """The path relative to the root, with slashes; "" for what is not the user's."""
        known = self._names.get(file)
        if known is None:
            known = self._names[file] = self._find(file)
        return known

    def _find(self, file):
        if not file or file.startswith("<"):
            return ""
        path = os.path.realpath(file)
        if not path.startswith(os.path.join(self.root, "")) or path.startswith(self._foreign):
            return ""
        parts = os.path.relpath(path, self.root).split(os.sep)
        return "" if "site-packages" in parts or "dist-packages" in parts else "/".join(parts)

    def stack(self, frame):
        """The user's places from the frame outwards, and the functions of others before the first of them."""
        places, between = [], set()
        for frame in _outwards(frame):
            code = frame.f_code
            name = self.name(code.co_filename)
            if name:
                places.append(_place(name, frame))
                if len(places) == MOST:
                    break
            elif not places:
                between.add((os.path.basename(code.co_filename), code.co_name))
        return tuple(places), between


def _outwards(frame):
    """The frames from one outwards. Those of a greenlet end where it starts; its parent's go on from there."""
    greenlet = sys.modules["greenlet"].getcurrent() if "greenlet" in sys.modules else None
    while frame is not None:
        yield frame
        frame = frame.f_back
        while frame is None and greenlet is not None:
            greenlet = greenlet.parent
            frame = greenlet.gr_frame if greenlet is not None else None


def _place(name, frame):
    code, line = frame.f_code, frame.f_lineno or 0
    template = frame.f_globals.get("__jinja_template__")
    if template is not None:  # the code that Jinja made of it has lines of its own
        line = template.get_corresponding_lineno(line)
    text = linecache.getline(code.co_filename, line).strip()
    return name, line, getattr(code, "co_qualname", code.co_name), text
