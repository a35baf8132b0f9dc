"""`pytest --lazyfix-record=FILE` records the lazy loads of a test run: see record.py."""

import os

import pytest

_recorder = pytest.StashKey()
_named = pytest.StashKey()


def pytest_addoption(parser):
    group = parser.getgroup("lazyfix")
    group.addoption("--lazyfix-record", metavar="FILE", help="write each lazy load that happens or fails to FILE, for lazyfix --evidence")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    path = config.getoption("--lazyfix-record", default=None)
    if not path:
        return
    try:
        from . import record
    except ImportError as error:
        raise pytest.UsageError(f"--lazyfix-record needs SQLAlchemy 2.0 or newer: {error}") from error
    config.stash[_named] = path
    config.option.lazyfix_record = os.path.abspath(path)  # tests may go elsewhere, and so may workers
    # The workers of pytest-xdist write to the file that their controller began.
    try:
        config.stash[_recorder] = record.start(config.option.lazyfix_record, append=hasattr(config, "workerinput"))
    except OSError as error:
        raise pytest.UsageError(f"--lazyfix-record: {error}") from error


def pytest_unconfigure(config):
    recorder = config.stash.get(_recorder, None)
    if recorder is not None:
        recorder.stop()


def pytest_terminal_summary(terminalreporter, config):
    recorder = config.stash.get(_recorder, None)
    if recorder is None:
        return
    try:
        with open(config.option.lazyfix_record, "rb") as lines:  # of all processes; the first is no record
            count = sum(1 for _ in lines) - 1
    except OSError as error:
        count = error
    terminalreporter.write_line(f"lazyfix: lazy loads recorded in {config.stash[_named]}: {count}")
    if recorder.defects:
        terminalreporter.write_line(f"lazyfix: {recorder.defects} observations failed, which is a defect of lazyfix: {recorder.defect}")
