"""Data sets of one or two items in the official formats, made on the spot."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

TOWER = "The tower of the harbour is 30 metres tall."
WORD = (40, 40, 120, 60)
RECEIPT = {"company": "Line1word1", "date": "01/02/2018", "total": "9.00"}
CELLS = (("Year", "Ships"), ("2023", "1,214"), ("2022", "1,187"))
REGION = """<document><table id="1"><region page="1">{}</region></table></document>"""


def make_all(data: Path) -> Path:
    """Every set that a suite reads, and a folder that none does."""
    for make in (_funsd, _sroie, _speech, _pdfs, _icdar, _olmocr, _publaynet):
        make(data)
    for make in (_asked_pages, _photos, _charts, _answers, _claims, _unanswerable):
        make(data)
    (data / "holiday_photos").mkdir()
    return data


def _scan(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.new("RGB", (300, 200), "white")
    ImageDraw.Draw(picture).rectangle(WORD, fill="black")
    picture.save(path)


def _funsd(data: Path) -> None:
    word = {"box": WORD, "text": "line1word1"}
    entity = {**word, "id": 0, "label": "question", "words": [word], "linking": []}
    for name in ("a", "b"):
        _scan(data / "funsd/testing_data/images" / f"{name}.png")
        notes = data / "funsd/testing_data/annotations"
        notes.mkdir(exist_ok=True)
        (notes / f"{name}.json").write_text(json.dumps({"form": [entity]}), "utf-8")


def _sroie(data: Path) -> None:
    _scan(data / "sroie/img/000.jpg")
    left, top, right, bottom = WORD
    corners = (left, top, right, top, right, bottom, left, bottom)
    for name, text in (
        ("box/000.csv", ",".join(map(str, corners)) + ",line1word1\n"),
        ("key/000.json", json.dumps(RECEIPT)),
    ):
        (data / "sroie" / name).parent.mkdir(exist_ok=True)
        (data / "sroie" / name).write_text(text, "utf-8")


def _speech(data: Path) -> None:
    (data / "speech").mkdir()
    tone = np.concatenate(
        [np.zeros(8_000), 9_000 * np.sin(np.arange(16_000) * 0.3), np.zeros(8_000)]
    )
    with wave.open(str(data / "speech/a.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(tone.astype("<i2").tobytes())
    line = {"audio": "a.wav", "text": "Sound at 0 seconds."}
    (data / "speech/manifest.jsonl").write_text(json.dumps(line) + "\n", "utf-8")


def _page(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pen = Canvas(str(path), pagesize=(400, 400))
    pen.drawString(50, 350, "The harbour office keeps a record of every ship.")
    for number, row in enumerate(CELLS):
        for place, text in enumerate(row):
            pen.drawString(60 + 100 * place, 285 - 20 * number, text)
    for line in range(4):
        pen.line(50, 300 - 20 * line, 250, 300 - 20 * line)
    for line in range(3):
        pen.line(50 + 100 * line, 240, 50 + 100 * line, 300)
    pen.save()


def _pdfs(data: Path) -> None:
    _page(data / "financebench/pdfs/a.pdf")


def _icdar(data: Path) -> None:
    _page(data / "icdar2013_tables/eu-001.pdf")
    cells = "".join(
        f'<cell id="{row}{column}" start-row="{row}" start-col="{column}">'
        f"<content>{text}</content></cell>"
        for row, texts in enumerate(CELLS)
        for column, text in enumerate(texts)
    )
    structure = data / "icdar2013_tables/eu-001-str.xml"
    structure.write_text(REGION.format(cells), "utf-8")


def _olmocr(data: Path) -> None:
    _page(data / "olmocr_bench/pdfs/a.pdf")
    fact = {"id": "1", "pdf": "a.pdf", "page": 1, "type": "present", "text": "harbour office"}
    (data / "olmocr_bench/dataset.jsonl").write_text(json.dumps(fact) + "\n", "utf-8")


def _publaynet(data: Path) -> None:
    _scan(data / "publaynet_examples/a.jpg")
    left, top, right, bottom = WORD
    box = [left, top, right - left, bottom - top]
    (data / "publaynet_examples/samples.json").write_text(
        json.dumps(
            {
                "images": [{"id": 1, "file_name": "a.jpg", "width": 300, "height": 200}],
                "categories": [{"id": 1, "name": "text"}],
                "annotations": [{"image_id": 1, "category_id": 1, "bbox": box, "iscrowd": 0}],
            }
        ),
        "utf-8",
    )


def _asked_pages(data: Path) -> None:
    """Questions about the PDFs of `_pdfs` and about an article."""
    long = {
        "question": "What did the ship carry?",
        "answer": "coal",
        "evidence_pages": "[1]",
        "evidence_sources": "['Chart']",
    }
    filing = {
        "financebench_id": "id_1",
        "question": "What was the capex?",
        "answer": "The capex was 57.20.",
        "evidence": [{"evidence_page_num": 0, "evidence_text": "The ship, and capex was 57.20"}],
    }
    for folder, below in (("mmlongbench_doc", "documents"), ("financebench", "pdfs")):
        (data / folder / below).mkdir(parents=True, exist_ok=True)
        pdf = Canvas(str(data / folder / below / "asked.pdf"))
        pdf.drawString(72, 700, f"The ship carried coal, and capex was 57.20, in {folder}.")
        pdf.save()
    (data / "mmlongbench_doc/samples.json").write_text(
        json.dumps([{**long, "doc_id": "asked.pdf"}]), "utf-8"
    )
    (data / "financebench/data").mkdir()
    (data / "financebench/data/financebench_open_source.jsonl").write_text(
        json.dumps({**filing, "doc_name": "asked"}), "utf-8"
    )
    (data / "squad").mkdir()
    asked = {"id": "q", "question": "Is it tall?", "answers": [{"text": "tall"}]}
    told = {"context": "The tower is tall.", "qas": [asked]}
    article = {"title": "Tower", "paragraphs": [told]}
    (data / "squad/dev-v1.1.json").write_text(json.dumps({"data": [article]}), "utf-8")


def _lines(file: Path, *told: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(each) + "\n" for each in told), "utf-8")


def _answers(data: Path) -> None:
    infos: dict[str, object] = {
        "QA": {"question": "How tall?", "passages": f"passage 1:{TOWER}"},
        "Data2txt": {"name": "Tower", "height": 30},
        "Summary": TOWER,
    }
    folder, label = data / "ragtruth" / "test", {"start": 7, "end": 17}
    right: dict[str, object] = {"model": "m", "response": TOWER, "labels": []}
    wrong: dict[str, object] = {"model": "n", "response": "It has nine bells.", "labels": [label]}
    _lines(
        folder / "source_info.jsonl",
        *({"source_id": task, "task_type": task, "source_info": infos[task]} for task in infos),
    )
    _lines(
        folder / "response.jsonl",
        *({**told, "source_id": task} for task in infos for told in (right, wrong)),
    )


def _claims(data: Path) -> None:
    pairs = ((TOWER, 1), ("It has nine bells.", 0))
    told = [{"id": n, "doc": TOWER, "summary": said, "label": n} for said, n in pairs]
    (data / "summedits").mkdir()
    for domain in ("news", "podcast"):
        (data / f"summedits/summedits_{domain}.json").write_text(json.dumps(told), "utf-8")
    _lines(
        data / "aggrefact_sample/test.jsonl",
        *({"dataset": "made up", "doc": TOWER, "claim": said, "label": n} for said, n in pairs),
    )
    claim = {"claim": TOWER, "evidence": ["Bells ring.", TOWER], "meta": {"id": "1"}}
    _lines(
        data / "wice/claim/dev.jsonl",
        {**claim, "label": "supported", "supporting_sentences": [[1]]},
    )


def _unanswerable(data: Path) -> None:
    asked = [
        {"id": f"{n}", "question": f"How tall is the tower of harbour {n}?", "is_impossible": n % 2}
        for n in range(12)
    ]
    article = {"title": "Tower", "paragraphs": [{"context": TOWER, "qas": asked}]}
    (data / "squad/dev-v2.0.json").write_text(json.dumps({"data": [article]}), "utf-8")
    passage = {"id": 1, "input": "how tall", "passages": [{"title": "Tower", "text": TOWER}]}
    for name in ("answerable", "unanswerable"):
        _lines(data / f"clapnq/dev/clapnq_dev_{name}.jsonl", {**passage, "id": name})


def _photos(data: Path) -> None:
    folder = data / "imagenet_sample"
    lines: list[str] = []
    for label, colour in (("soap dispenser", "white"), ("banana", "yellow")):
        picture = folder / "images" / f"{colour}.jpg"
        picture.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (64, 48), colour).save(picture)
        lines.append(json.dumps({"image": picture.name, "label": label, "wnid": "n0"}))
    (folder / "labels.jsonl").write_text("\n".join(lines), "utf-8")


def _charts(data: Path) -> None:
    folder = data / "opencqa"
    _scan(folder / "chart_images/1.png")
    told = {"id": "1", "image": "1.png", "question": "What is line1word1?", "title": "Line one"}
    line = json.dumps({**told, "summary": "There is a line1word1.", "abstractive_answer": "It."})
    (folder / "test.jsonl").write_text(line, "utf-8")
