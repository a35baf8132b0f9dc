"""`python -m lazyfix ...` is `lazyfix ...` of this environment, whatever PATH says."""

import os
import subprocess
import sys
import sysconfig


def binary() -> str:
    name = "lazyfix.exe" if os.name == "nt" else "lazyfix"
    schemes = [sysconfig.get_default_scheme(), sysconfig.get_preferred_scheme("user")]
    for scheme in schemes:
        path = os.path.join(sysconfig.get_path("scripts", scheme), name)
        if os.path.isfile(path):
            return path
    raise SystemExit(f"lazyfix: there is no {name} in the scripts folder of this Python: install lazyfix again")


if __name__ == "__main__":
    command = [binary(), *sys.argv[1:]]
    if os.name == "nt":  # exec would return to the shell at once
        sys.exit(subprocess.run(command, check=False).returncode)
    os.execv(command[0], command)
