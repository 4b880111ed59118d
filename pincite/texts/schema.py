"""The tables of the text store.

Elements and passages belong to a content and have one number, `content.key << 32 | ordinal`, which
sorts in reading order. Their columns hold JSON as it is: text that was compressed could not be
searched for when a delete has to be proved.
"""

from __future__ import annotations

VERSION = 7

_PLACES = """
CREATE TABLE places (
    source INTEGER NOT NULL REFERENCES sources (number) ON DELETE CASCADE,
    origin TEXT NOT NULL,
    stamp TEXT NOT NULL,
    PRIMARY KEY (source, origin)
) WITHOUT ROWID
"""
"""What a file looked like at a place when it was last synchronised."""

_DAYS = """
ALTER TABLE contents ADD COLUMN dated TEXT;
ALTER TABLE sources ADD COLUMN dated TEXT;
UPDATE sources SET dated = date(added_us / 1000000, 'unixepoch')
"""
"""Days that sources are of; of what is there already, the day it came is the best that is known."""

_FEEDBACK = """
CREATE TABLE feedback (
    answer TEXT NOT NULL REFERENCES answers (id) ON DELETE CASCADE,
    sentence TEXT NOT NULL,
    claim INTEGER NOT NULL,
    person TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (answer, sentence, claim, person)
) WITHOUT ROWID
"""
"""It holds text of the answer, and goes with it."""

_RECALLED = """
ALTER TABLE answers ADD COLUMN recalled_by TEXT;
CREATE INDEX answers_by_recall ON answers (recalled_by) WHERE recalled_by IS NOT NULL
"""
"""A digest of all that an answer depends on, by which it is given again."""

_EXTRACTED = """
CREATE TABLE IF NOT EXISTS extracted (
    source INTEGER NOT NULL REFERENCES sources (number) ON DELETE CASCADE,
    asked TEXT NOT NULL,
    read TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (source, asked)
) WITHOUT ROWID
"""
"""Rows of tables over all files: kept for what was asked, while the source reads as it did."""

_EGRESS = """
CREATE TABLE IF NOT EXISTS egress (
    collection TEXT PRIMARY KEY,
    hosts TEXT NOT NULL
) WITHOUT ROWID
"""
"""Hosts that a collection may be sent to, as a JSON list; empty for none."""

UPGRADES = {1: _PLACES, 2: _DAYS, 3: _FEEDBACK, 4: _RECALLED, 5: _EXTRACTED, 6: _EGRESS}

SCHEMA = f"""{_PLACES};
CREATE TABLE contents (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    medium TEXT NOT NULL,
    dated TEXT
);
CREATE TABLE sources (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    content INTEGER NOT NULL REFERENCES contents (key),
    name TEXT NOT NULL,
    origin TEXT NOT NULL,
    medium TEXT NOT NULL,
    collection TEXT NOT NULL,
    readers TEXT NOT NULL,
    version INTEGER NOT NULL,
    added_us INTEGER NOT NULL,
    superseded_by TEXT,
    dated TEXT
);
CREATE INDEX sources_by_content ON sources (content);
CREATE INDEX sources_by_origin ON sources (origin);
CREATE TABLE source_readers (
    principal TEXT NOT NULL,
    source INTEGER NOT NULL REFERENCES sources (number) ON DELETE CASCADE,
    PRIMARY KEY (principal, source)
) WITHOUT ROWID;
CREATE INDEX source_readers_by_source ON source_readers (source);
CREATE TABLE other_origins (
    source INTEGER NOT NULL REFERENCES sources (number) ON DELETE CASCADE,
    origin TEXT NOT NULL,
    PRIMARY KEY (source, origin)
) WITHOUT ROWID;
CREATE TABLE units (
    content INTEGER NOT NULL REFERENCES contents (key),
    unit INTEGER NOT NULL,
    parser TEXT NOT NULL,
    elements INTEGER NOT NULL,
    passages INTEGER NOT NULL,
    PRIMARY KEY (content, unit)
) WITHOUT ROWID;
CREATE TABLE elements (
    id INTEGER PRIMARY KEY,
    body TEXT NOT NULL,
    words TEXT
);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY,
    elements TEXT NOT NULL,
    text TEXT NOT NULL,
    headings TEXT NOT NULL,
    page INTEGER
);
CREATE TABLE answers (
    id TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    recalled_by TEXT
) WITHOUT ROWID;
CREATE INDEX answers_by_recall ON answers (recalled_by) WHERE recalled_by IS NOT NULL;
CREATE TABLE answer_principals (
    answer TEXT NOT NULL REFERENCES answers (id) ON DELETE CASCADE,
    principal TEXT NOT NULL,
    PRIMARY KEY (answer, principal)
) WITHOUT ROWID;
CREATE TABLE answer_sources (
    source TEXT NOT NULL,
    answer TEXT NOT NULL REFERENCES answers (id) ON DELETE CASCADE,
    PRIMARY KEY (source, answer)
) WITHOUT ROWID;
CREATE INDEX answer_sources_by_answer ON answer_sources (answer);
{_FEEDBACK};
{_EXTRACTED};
{_EGRESS}
"""
