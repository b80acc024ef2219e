"""Ships web/ as chatroom/web/ and the twistd plugin; everything else is in pyproject.toml."""

import os
import shutil

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py


class BuildPyWithPage(build_py):
    def _page(self):
        for folder, _, names in os.walk("web"):
            for name in names:
                source = os.path.join(folder, name)
                yield source, os.path.join(self.build_lib, "chatroom", source)

    def run(self):
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


setup(
    # Exactly this: with any other key an editable install becomes an import hook, in which
    # Twisted does not find the plugin.
    package_dir={"": "."},
    packages=find_packages(include=["chatroom", "chatroom.*"]),
    py_modules=["twisted.plugins.chatroom_plugin"],
    package_data={"chatroom.transports": ["openapi.json"]},
    cmdclass={"build_py": BuildPyWithPage},
    zip_safe=False,
)
