"""Puts the binary that packaging/wheel built into the wheel, and names the platform that it runs on."""

import os

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Binary(BuildHookInterface):
    def initialize(self, version, build_data):
        binary = os.environ["LAZYFIX_BINARY"]
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{os.environ['LAZYFIX_PLATFORM']}"
        build_data["shared_scripts"][binary] = os.path.basename(binary)
