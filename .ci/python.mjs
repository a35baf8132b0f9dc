// node .ci/python.mjs FILE.py ARGUMENT...: the CPython of the npm package pyodide, which is often newer than any that is
// installed. The package is looked for from the working folder: `npm install --no-save pyodide` first.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const require = createRequire(pathToFileURL(process.cwd() + "/"));
const { loadPyodide } = await import(pathToFileURL(require.resolve("pyodide/pyodide.mjs")));
const python = await loadPyodide();
for (const folder of ["tmp", "work", "home", "root"]) {
  try {
    python.FS.mkdirTree("/" + folder);
    python.mountNodeFS("/" + folder, "/" + folder);
  } catch {
    // Not there, or not mountable: a path below it will not be found.
  }
}
const [file, ...args] = process.argv.slice(2);
python.globals.set("arguments", python.toPy([file, ...args]));
python.globals.set("source", readFileSync(file, "utf8"));
process.exitCode = python.runPython(`
import sys
sys.argv = arguments
try:
    exec(compile(source, sys.argv[0], "exec"), {"__name__": "__main__"})
    code = 0
except SystemExit as end:
    code = end.code if isinstance(end.code, int) else int(end.code is not None)
code
`);
