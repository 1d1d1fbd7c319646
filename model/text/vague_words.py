"""Words that put off what should be said, in the languages that plans are written in: "to be defined", "siehe oben".

They count for nothing only among themselves. In a sentence that has another word they are words like any other, so
that a list may be generous: what it wrongly has costs a writer one word more.
"""

from __future__ import annotations

import re

WORDS = frozenset(
    re.findall(
        r"[^\W\d_]+",
        """
to be decided determined defined done filled added announced written described explained not yet known we do it is will
in out on up soon later see here clarified discussed confirmed provided completed specified work progress wiki doc
document ticket link attached above below text placeholder answer this goes

wird werden noch zu ist sind nicht bekannt ergänzt ergaenzt nachgereicht nachgetragen ausgefüllt geklärt klären
definiert definieren festgelegt festzulegen beantwortet beschrieben geschrieben offen unklar kommt folgt später
spaeter demnächst
siehe oben unten und wie hier steht der die das keine angabe angaben dazu möglich k n entfällt entfaellt unbekannt
platzhalter dokument anhang muss müssen bestimmt bestimmen

à a compléter completer complété définir definir défini defini déterminer préciser preciser remplir remplie renseigner
plus tard pas encore non connu inconnu pour le moment voir ci dessus dessous sera être etre en cours il faut aucun néant
texte ici suivre est

por para más mas tarde adelante ver arriba abajo aún aun no se sabe sin todavía todavia pendiente de determinar
completar completará definirá conocido desconocido será luego después despues texto aquí aqui falta ninguno nada

da definire completare compilare chiarire decidere più piu avanti tardi poi vedi sopra sotto ancora noto deciso definito
nog te bepalen vullen niet bekend volgt zie boven hieronder onder wordt worden ingevuld aangevuld onbekend
depois ainda não nao definido decidir ser preencher mais conhecido veja acima abaixo o um

см смотри смотрите выше ниже пожалуйста пока не известно неизвестно уточняется уточнить будет будут дополнено заполнено
определено определить позже потом здесь нет данных н д ещё еще
تحديد التحديد سيتم لاحقا لاحقًا غير معروف معروفة بعد انظر أعلاه اعلاه أدناه لا يوجد قيد سوف يتم يحدد
추후 나중에 결정 작성 작성할 예정 미정 위 참조 아직 모름 없음 확인 필요
""",
    )
)

_DENSE = """
待定 待补充 待補充 待确认 待確認 待填写 以后再说 以後再說 以后补充 稍后补充 稍后填写 之后填写 暂无 暫無 同上
见上文 見上文 见上 见下 尚未确定
尚未确认 尚不清楚 还不知道 还没有 未知 未定 没有 不知道 暂时 补充 填写 再说 以后 稍后 之后
未定 後で 後日 書く 書きます 記入 記載 追記 します する
予定 検討中 確認中 不明 見ての通り 上記 参照 下記 同じ まだ わからない 分からない です
ます 特になし なし
ยังไม่ทราบ ภายหลัง จะเพิ่ม ดูด้านบน
"""
PHRASES = tuple(sorted(_DENSE.split(), key=len, reverse=True))
"""The same in scripts without spaces, the longer first."""


def without_phrases(text: str) -> str:
    """A text of a script without spaces, without the phrases that put off what should be said."""
    for one in PHRASES:
        text = text.replace(one, "")
    return text
