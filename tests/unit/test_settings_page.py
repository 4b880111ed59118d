from scripts.settings_page import PAGE, page


def test_the_settings_page_says_what_the_settings_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m scripts.settings_page"
