"""Puts compiled message catalogues into wheels.

They are made in a temporary folder, so a build leaves nothing behind in the checkout, where the
`.po` files are read directly.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface[Any]):
    """Compiles `locales/<language>/LC_MESSAGES/bot.po` to the `.mo` beside it in the wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile every catalogue, unless the build is an sdist or an editable install."""
        self.made = Path(tempfile.mkdtemp(prefix="panelik-catalogues-"))
        if self.target_name != "wheel" or version == "editable":
            return
        root = Path(self.root)
        for source in sorted(root.glob("locales/*/LC_MESSAGES/bot.po")):
            target = source.relative_to(root).with_suffix(".mo")
            compiled = self.made / target
            compiled.parent.mkdir(parents=True)
            with source.open("rb") as po, compiled.open("wb") as mo:
                write_mo(mo, read_po(po, locale=source.parts[-3]))
            build_data["force_include"][str(compiled)] = target.as_posix()

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - hatchling's signature
        """Remove what `initialize` made."""
        shutil.rmtree(self.made)
