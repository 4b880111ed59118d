"""Readers of data sets in their official formats on disk; one module per set."""

KNOWN = frozenset(
    {
        "financebench",
        "funsd",
        "icdar2013_tables",
        "imagenet_sample",
        "mmlongbench_doc",
        "olmocr_bench",
        "opencqa",
        "publaynet_examples",
        "speech",
        "squad",
        "sroie",
    }
)
"""Folders under `--data` that some suite reads; any other is listed as ignored."""
