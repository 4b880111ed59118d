"""Text is read in the encoding that its bytes are in."""

from __future__ import annotations

import pytest

from ingestion.encodings import decode, encoding_of

TEXT = "Größe: 12 µm – “quoted”\nzweite Zeile"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_text_survives_its_encoding(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT


def test_latin_1_is_read() -> None:
    assert decode("Größe in Köln".encode("latin-1")) == "Größe in Köln"


def test_line_ends_become_line_feeds() -> None:
    assert decode(b"a\r\nb\rc\n") == "a\nb\nc\n"


def test_a_declaration_counts_where_it_fits_the_bytes() -> None:
    assert decode("день".encode("koi8-r"), declared="koi8-r") == "день"
    assert decode("Größe".encode(), declared="ascii") == "Größe"
    assert decode("Größe".encode(), declared="no-such-encoding") == "Größe"


def test_bytes_that_are_no_text_have_no_encoding() -> None:
    assert encoding_of(bytes(range(256)) * 4) is None
    assert encoding_of(b"\x00\x01\x02\x03" * 100) is None


def test_a_character_cut_off_at_the_end_does_not_matter() -> None:
    assert encoding_of("Größe €".encode()[:-1]) == "utf-8"
