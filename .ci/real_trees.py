"""real_trees.py BEFORE AFTER REPORT.json CHANGES: what .ci/real-trees holds about the contents of changed files.

BEFORE and AFTER are the folders, REPORT.json is the report of lazyfix on BEFORE, CHANGES the output of `git diff -U0`.
Compared are tokens and statements as CPython sees them, so that no part of lazyfix judges its own work.
"""

import ast
import io
import json
import re
import sys
import tokenize
import warnings
from pathlib import Path

warnings.simplefilter("ignore")  # of the compiled code: invalid escapes and the like

SPACE = {tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER, tokenize.ENCODING}


def compiles(content: bytes) -> str:
    """Why CPython rejects it, "" where it does not."""
    try:
        compile(content, "file", "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as e:
        return str(e)
    return ""


def tokens(content: bytes) -> list[str]:
    """All that is no white space, comments too; the value of each lazy= is left out, as it is what may be replaced."""
    out: list[str] = []
    for token in tokenize.tokenize(io.BytesIO(content).readline):
        if token.type in SPACE:
            continue
        if out[-2:] in (["lazy", "="], ["'lazy'", ":"], ['"lazy"', ":"]) and (token.type == tokenize.STRING or token.string in {"None", "True", "False"}):
            continue
        out.append(token.string)
    return out


def lost(before: list[str], after: list[str]) -> str:
    """The first token of before that is not in after, in order. Commas and brackets come and go with a wrap."""
    rest = iter(after)
    for i, token in enumerate(before):
        if token not in {",", "(", ")"} and token not in rest:
            return " ".join(before[max(0, i - 5) : i + 5])
    return ""


def statements(content: bytes) -> list[tuple[int, int]]:
    """The lines of each statement; of one with a body, those of its head."""
    spans = []
    for node in ast.walk(ast.parse(content)):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None) or getattr(node, "cases", None)
            first = min([node.lineno] + [d.lineno for d in getattr(node, "decorator_list", [])])
            end = node.end_lineno or node.lineno
            if isinstance(body, list) and body:
                start = body[0].pattern.lineno if isinstance(body[0], ast.match_case) else body[0].lineno
                end = max(first, start - 1)
            spans.append((first, end))
    return spans


def import_lines(content: bytes) -> set[int]:
    """Lines of imports, of `if TYPE_CHECKING:` heads, and blank ones."""
    lines = {i for i, line in enumerate(content.split(b"\n"), 1) if not line.strip()}
    for node in ast.walk(ast.parse(content)):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            lines.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            lines.add(node.lineno)
    return lines


def hunks(diff: bytes) -> dict[str, list[tuple[int, int, int, int]]]:
    """Of each file: start and length before, start and length after."""
    out: dict[str, list[tuple[int, int, int, int]]] = {}
    name = ""
    for line in diff.split(b"\n"):
        if line.startswith(b"--- "):
            name = line[4:].decode("utf-8", "surrogateescape").rstrip("\t").removeprefix("a/")
        elif found := re.match(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", line):
            a, n, b, m = found.groups()
            out.setdefault(name, []).append((int(a), int(n or 1), int(b), int(m or 1)))
    return out


def places(report: dict) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
    """Lines by file: of what can be written, and of the steps of its ways."""
    own: dict[str, set[int]] = {}
    steps: dict[str, set[int]] = {}
    for finding in report["findings"]:
        if finding["fixable"]:
            own.setdefault(finding["file"], set()).add(finding["line"])
            for step in finding["why"]:
                steps.setdefault(step["file"], set()).add(step["line"])
    return own, steps


def functions(content: bytes) -> list[tuple[int, int]]:
    """The lines of each function, decorators left out."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [(node.lineno, node.end_lineno or node.lineno) for node in ast.walk(ast.parse(content)) if isinstance(node, kinds)]


def unexplained(before: bytes, after: bytes, changes: list, lines: set[int]) -> list[tuple[int, int]]:
    """The changes that are no imports, and stand neither in a statement of one of the lines nor, as an option may that
    is added where the statement is put together, in the function around it."""
    heads, bodies = statements(before), functions(before)
    spans = [(a, b) for a, b in heads if any(a <= line <= b for line in lines)]
    for line in lines:
        around = [(a, b) for a, b in bodies if a <= line <= b]
        spans += [max(around)] if around else []
    imports = import_lines(after)
    left = []
    for start, length, new, added in changes:
        end = start + max(length, 1) - 1
        inside = any(start <= b + 1 and a - 1 <= end for a, b in spans)
        if not inside and not all(line in imports for line in range(new, new + added)):
            left.append((start, length))
    return left


def main() -> int:
    before, after, report, diff = sys.argv[1:]
    own, steps = places(json.loads(Path(report).read_bytes()))
    bad = compiled = 0
    changed = hunks(Path(diff).read_bytes())

    def say(name: str, what: str) -> None:
        nonlocal bad
        bad += 1
        print(f"{name}: {what}")

    for name, changes in sorted(changed.items()):
        old, new = Path(before, name).read_bytes(), Path(after, name).read_bytes()
        if compiles(old):
            continue  # partly edited, and judged by the re-parse of lazyfix alone
        compiled += 1
        if why := compiles(new):
            say(name, f"compiled before, and does not: {why}")
            continue
        if at := lost(tokens(old), tokens(new)):
            say(name, f"tokens are lost near: {at}")
        for start, length in unexplained(old, new, changes, own.get(name, set()) | steps.get(name, set())):
            say(name, f"lines {start} to {start + max(length, 1) - 1} change, and no finding is there")
    print(f"{len(changed)} files changed, {compiled} of them compiled before; {bad} bad; Python {sys.version.split()[0]}")
    return int(bad > 0)


sys.exit(main())
