"""Readers of data sets in their official formats on disk; one module per set."""

KNOWN = frozenset(
    {
        "aggrefact_sample",
        "clapnq",
        "financebench",
        "funsd",
        "icdar2013_tables",
        "imagenet_sample",
        "mmlongbench_doc",
        "olmocr_bench",
        "opencqa",
        "publaynet_examples",
        "ragtruth",
        "speech",
        "squad",
        "sroie",
        "summedits",
        "wice",
    }
)
"""Folders under `--data` that some suite reads; any other is listed as ignored."""
