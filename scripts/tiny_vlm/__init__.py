"""What a tiny model that sees is taught, and how it is built: see `scripts/train_tiny_vlm.py`."""
