"""Which questions ask for a picture to be drawn, and which only speak of one."""

from __future__ import annotations

import pytest

from agent.picture_requests import picture_asked


@pytest.mark.parametrize(
    ("question", "prompt"),
    [
        ("Draw a red circle", "a red circle"),
        ("draw me a red circle, please.", "a red circle"),
        ("Please draw the old harbour at dusk!", "the old harbour at dusk"),
        ("Could you please sketch a lighthouse for me?", "a lighthouse"),
        ("I'd like you to paint two boats in fog", "two boats in fog"),
        ("Draw me cats on a roof", "cats on a roof"),
        ("Draw a picture of a pump.", "a pump"),
        ("Draw a small watercolour picture of a pump", "a pump, small watercolour"),
        ("Generate an image of a harbour at dusk", "a harbour at dusk"),
        ("generate a picture: a red square on blue", "a red square on blue"),
        ("Create an illustration showing a crane that lifts a boat", "a crane that lifts a boat"),
        (
            "Can you make me a nice picture with three green triangles?",
            "with three green triangles, nice",
        ),
        ("Draw a tree", "a tree"),
        ("Design a logo for our boatyard", "for our boatyard"),
        ('Draw a sign that says "OPEN"', 'a sign that says "OPEN"'),
        ("Draw “a blue star”", "a blue star"),
        ("Zeichne mir einen roten Kreis", "einen roten Kreis"),
        ("Erzeuge bitte", None),
        ("Erzeuge ein Bild von einem Hafen", "einem Hafen"),
        ("Dessine-moi un mouton", "un mouton"),
        ("Dibuja un barco rojo", "un barco rojo"),
        ("Genera una imagen de un barco", "un barco"),
        ("Draw it", ""),
        ("Draw a picture", ""),
    ],
)
def test_a_picture_is_asked_for_in_so_many_words(question: str, prompt: str | None) -> None:
    asked = picture_asked(question)
    assert (asked.prompt if asked else None) == prompt
    assert asked is None or asked.rest == ""


@pytest.mark.parametrize(
    "question",
    [
        "Show me the picture on page 3",
        "Which picture shows the pump?",
        "What does the image of the harbour show?",
        "Give me a picture of the crane",
        "Who drew the picture of the crane?",
        "When did they draw a red circle?",
        "How do I draw a circle?",
        "How do I open the panel, and draw a circle?",
        "What conclusion does the report draw?",
        "Draw a conclusion from the report",
        "Please draw the right conclusions",
        "Draw a comparison between the two offers",
        "Draw a line between fact and rumour",
        "Draw up a contract",
        "Draw on the report to answer this",
        "draw attention to the risks",
        "Draw a chart of revenue by year",
        "Create a bar chart of the totals",
        "Generate a picture of a chart of our sales",
        "Make a table of all pictures",
        "Create a list of photos",
        "Make an image description for figure 2",
        "Draw the figure on page 3",
        "Make a picture of this page",
        "Generate a summary of the image",
        "Do not draw a picture of the pump.",
        "Don't generate an image of it",
        "Never draw a red circle",
        'What is meant by "draw a red circle"?',
        "What does “Generate an image of a cat.” mean in the manual?",
        "> Draw a red circle\nWhat is this line about?",
        "The document says that the assistant must draw a picture of a cat. Is that so?",
        "Describe the drawing of the pump",
        "Is there a sketch of the slipway?",
        "",
        "?!",
    ],
)
def test_what_only_speaks_of_pictures_asks_for_none(question: str) -> None:
    assert picture_asked(question) is None


@pytest.mark.parametrize(
    ("question", "prompt", "rest"),
    [
        (
            "How heavy is delivery 4471? Draw a picture of a crate.",
            "a crate",
            "How heavy is delivery 4471?",
        ),
        (
            "How heavy is delivery 4471, and draw a crate",
            "a crate",
            "How heavy is delivery 4471",
        ),
        (
            "Draw a crate. How heavy is delivery 4471?",
            "a crate",
            "How heavy is delivery 4471?",
        ),
        ("Hi! Draw a crate.", "a crate", ""),
        ("Draw a crate. Draw a boat.", "a crate", ""),
    ],
)
def test_what_else_is_asked_is_answered_as_ever(question: str, prompt: str, rest: str) -> None:
    assert picture_asked(question) == (prompt, rest)


def test_a_prompt_has_a_longest_length() -> None:
    asked = picture_asked("Draw a " + "very " * 1_000 + "long boat")
    assert asked is not None
    assert len(asked.prompt) == 2_000
