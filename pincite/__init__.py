"""The kernel of Pincite: domain types, settings, model and index back ends."""

import os

# Libraries read these once, when they are loaded, and every process of ours loads this module
# first. Without the first one ONNX Runtime (from 1.29) sends what it computes with to its maker
# and leaves an identifier in the user's cache folder.
os.environ.update(ORT_DISABLE_TELEMETRY="1", DO_NOT_TRACK="1", HF_HUB_OFFLINE="1")  # noqa: TID251
