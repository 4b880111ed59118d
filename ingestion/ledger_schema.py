"""The tables of the ledger."""

from __future__ import annotations

VERSION = 3

UPGRADES = {
    1: """
ALTER TABLE sources ADD COLUMN held TEXT;
ALTER TABLE sources ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE units ADD COLUMN tries INTEGER NOT NULL DEFAULT 0
""",
    2: "ALTER TABLE sources ADD COLUMN leftovers INTEGER NOT NULL DEFAULT 0",
}

SCHEMA = """
CREATE TABLE sources (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    content TEXT NOT NULL,
    parser TEXT,
    units INTEGER,
    unit_name TEXT,
    failed TEXT,
    may_heal INTEGER NOT NULL DEFAULT 0,
    doomed INTEGER NOT NULL DEFAULT 0,
    held TEXT,
    tries INTEGER NOT NULL DEFAULT 0,
    leftovers INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX sources_by_content ON sources (content);
CREATE TABLE units (
    source INTEGER NOT NULL REFERENCES sources (number) ON DELETE CASCADE,
    unit INTEGER NOT NULL,
    parser TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending',
    slow INTEGER NOT NULL DEFAULT 0,
    how TEXT,
    confidence REAL,
    low INTEGER NOT NULL DEFAULT 0,
    why TEXT,
    seconds REAL,
    elements INTEGER NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (source, unit)
) WITHOUT ROWID;
CREATE INDEX units_by_state ON units (source, state)
"""
