from __future__ import annotations

import pytest

from ingestion.languages import language_of

TOLD = {
    "en": "The company reported that its revenue was higher than in the previous year.",
    "de": "Das Unternehmen meldete, dass der Umsatz höher war als im Vorjahr und Kosten sanken.",
    "fr": "La société a déclaré que son chiffre d'affaires était plus élevé que dans l'année.",
    "es": "La empresa informó que sus ingresos fueron más altos que en el año anterior.",
    "it": "La società ha riferito che il fatturato è stato più alto, con i costi in calo.",
    "pt": "A empresa informou que a sua receita foi maior e os custos não subiram.",
    "nl": "Het bedrijf meldde dat de omzet hoger was dan in het voorgaande jaar.",
    "sv": "Företaget rapporterade att intäkterna var högre och att kostnaderna inte ökade.",
    "da": "Virksomheden rapporterede, at omsætningen var højere, og at der ikke blev flere.",
    "pl": "Firma poinformowała, że przychody były wyższe niż przed rokiem i że koszty nie wzrosły.",
    "cs": "Společnost oznámila, že tržby byly vyšší než loni a že se náklady nezvýšily.",
    "hu": "A cég közölte, hogy az árbevétel magasabb volt, mint az előző évben.",
    "ru": "Компания сообщила, что выручка была выше, чем в прошлом году, и расходы не выросли.",
    "uk": "Компанія повідомила, що дохід був вищим, ніж у минулому році, і що витрати не зросли.",
    "ar": "أعلنت الشركة أن الإيرادات كانت أعلى من العام الماضي وأن التكاليف لم ترتفع في هذا العام.",
    "fa": "شرکت اعلام کرد که درآمد این سال از سال قبل بیشتر است و هزینه‌ها را با دقت کم کرد.",
    "hi": "कंपनी ने बताया कि उसकी आय पिछले वर्ष की तुलना में अधिक है।",
    "zh": "公司报告称其收入高于去年。",
    "ja": "会社は売上高が前年より高かったと報告しました。",
    "ko": "회사는 매출이 전년보다 높았다고 보고했다.",
    "el": "Η εταιρεία ανέφερε ότι τα έσοδα ήταν υψηλότερα.",
    "he": "החברה דיווחה כי ההכנסות היו גבוהות יותר.",
}


@pytest.mark.parametrize("code", TOLD)
def test_a_sentence_tells_its_language(code: str) -> None:
    assert language_of(TOLD[code]) == code


@pytest.mark.parametrize("text", ["", "2019 12.5 1,234 USD 17 % EBITDA", "Acme GmbH", "??", "日"])
def test_where_it_is_unsure_it_says_nothing(text: str) -> None:
    assert language_of(text) is None


def test_a_quotation_in_another_language_does_not_turn_a_passage() -> None:
    text = f"{TOLD['en']} It is what they call, in their words: „{TOLD['de'][:40]}“. {TOLD['en']}"
    assert language_of(text) == "en"
