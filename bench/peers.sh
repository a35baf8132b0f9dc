#!/usr/bin/env bash
# bench/peers.sh DIR [RUNS]: the CPU time and peak memory of lazyfix on the Python files of a folder, beside tools that do
# less with the same files: ripgrep (three words), ruff (one rule), ast-grep (one pattern). Of RUNS runs, 3 by default, the
# fastest counts, behind one that fills the cache of the disk. The folder itself stays as it is: its files are copied.
#
# hyperfine would do, and measures the clock, which depends on the cores and on what else runs on them.
set -euo pipefail

if [ $# -lt 1 ] || [ ! -d "$1" ]; then
    echo "usage: bench/peers.sh DIR [RUNS]" >&2
    exit 2
fi
dir=$(cd "$1" && pwd)
runs=${2:-3}
cd "$(dirname "$0")/.."
.ci/venv peers bench/requirements.txt
go build -o bin/lazyfix ./cmd/lazyfix
tools=$PWD/.venvs/peers/bin
lazyfix=$PWD/bin/lazyfix

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/files"
(cd "$dir" && "$tools/rg" --files -0 -g '*.py' -g pyproject.toml | tar -c --null -T - -f -) | tar -x -C "$work/files"
export XDG_CACHE_HOME="$work/cache"
cd "$work/files"

# measure COMMAND...: the least CPU seconds, and the most megabytes, of the runs of a command.
measure() {
    "$tools/python" - "$runs" "$@" <<'PY'
import os, sys

runs, command = int(sys.argv[1]), sys.argv[2:]
seconds, peaks = [], []
for _ in range(runs + 1):
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_RDWR)
        for fd in 0, 1, 2:
            os.dup2(null, fd)
        os.execv(command[0], command)
    _, status, used = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1, 2):  # 2: of lazyfix, for a file that does not parse
        sys.exit(f"{command[0]} failed: {status}")
    seconds.append(used.ru_utime + used.ru_stime)
    peaks.append(used.ru_maxrss)
print(f"{min(seconds[1:]):.2f} {max(peaks[1:]) // 1024}")
PY
}

lines=$(find . -name '*.py' -print0 | xargs -0 cat | wc -l)
echo "$(find . -name '*.py' | wc -l) files, $lines lines"
printf '%-34s %8s %8s %8s %10s\n' "" CPU/s MB /ruff /ast-grep
row() {
    printf '%-34s %8s %8s %8s %10s\n' "$1" "$2" "$3" "$(awk "BEGIN {printf \"%.2f\", $2 / $ruff}")" "$(awk "BEGIN {printf \"%.2f\", $2 / $astgrep}")"
}

read -r ruff ruffmb < <(measure "$tools/ruff" check --select F401 --no-cache --isolated .)
read -r astgrep astgrepmb < <(measure "$tools/ast-grep" run --lang python --pattern 'relationship($$$ARGS)' .)
read -r rg rgmb < <(measure "$tools/rg" -t py 'relationship|sessionmaker|select' .)
row "rg, three words" "$rg" "$rgmb"
row "ruff check --select F401 --no-cache" "$ruff" "$ruffmb"
row "ast-grep, one pattern" "$astgrep" "$astgrepmb"
read -r cpu mb < <(measure "$lazyfix" --check --no-cache .)
row "lazyfix --no-cache" "$cpu" "$mb"
read -r cpu mb < <(measure "$lazyfix" --check .)
row "lazyfix, nothing changed" "$cpu" "$mb"
