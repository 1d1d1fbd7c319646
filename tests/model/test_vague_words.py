"""A sentence counts in any script; what puts it off does in none."""

from __future__ import annotations

import pytest

from kedge.model.text.wording import is_put_off, lacks_words

SENTENCES = (
    *("Die Beraterin ruft montags an", "Das ist noch zu teuer", "Zu viele Fehlalarme"),
    *("Les clients partent chaque hiver", "La agente llama cada lunes", "Müşteriler her kış ayrılıyor"),
    *("Klanten vertrekken elke winter", "Os clientes saem cada inverno", "Khách hàng rời đi mỗi mùa"),
    *("客户每周流失太多", "客户之后流失太多", "顧客が解約する", "顧客は後で解約します", "ลูกค้าออกทุกเดือน"),
    *(
        "고객이 매주 떠납니다",
        "Клиенты уходят каждую зиму",
        "العملاء يغادرون كل شتاء",
        "לקוחות עוזבים כל חורף",
    ),
    *("ग्राहक हर महीने जाते हैं", "Οι πελάτες φεύγουν κάθε χειμώνα", "See the pilot report of May"),
)
PUT_OFF = (
    *("x", ".", "tbd", "n/a", "k.A.", "???", "n.n.", "entfällt", "keine Angabe", "siehe oben"),
    *("siehe oben und unten", "noch zu klären", "wird später beantwortet", "platzhalter text hier"),
    *("à définir", "à compléter plus tard", "voir ci-dessus", "non connu pour le moment"),
    *("por definir más tarde", "ver arriba", "aún no se sabe", "da definire più avanti", "nog niet bekend"),
    *(
        "ainda não definido",
        "待定",
        "待定待补充",
        "以后再说",
        "暂无",
        "未定です",
        "後で記入します",
        "未定、後日記入",
    ),
    *("пока не известно", "см. выше", "будет дополнено позже", "لاحقا سيتم التحديد", "انظر أعلاه"),
    *(
        "나중에 작성 예정",
        "客户客户客户客户",
        "啊啊啊啊啊啊",
        "eins eins eins eins",
        "lorem ipsum dolor sit amet",
    ),
)


@pytest.mark.parametrize("text", SENTENCES)
def test_a_sentence_counts_in_any_script(text: str) -> None:
    assert lacks_words(text) == ""
    assert not is_put_off(text)


@pytest.mark.parametrize("text", PUT_OFF)
def test_what_puts_it_off_counts_in_no_language(text: str) -> None:
    assert lacks_words(text)


def test_a_copy_of_the_question_is_no_answer_in_any_script() -> None:
    for asked in ("Wer entscheidet mit der Vorhersage was?", "予測によって誰が何を決めますか"):
        assert "the question's" in lacks_words(asked.rstrip("?か"), asked)
