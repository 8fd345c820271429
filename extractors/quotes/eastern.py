"""Cues of Japanese and Chinese, which have no spaces: 花子は「…」と言った, 李明说：“…”, 太郎「…」."""

import re

from extractors.quotes.context import Context

NAME = r"(?P<np>(?:[\u3400-\u9fff々]{1,8}|[\u30a0-\u30ff・]{2,12}|[A-Za-z]{2,20}))(?:さん|氏|先生|君|くん|ちゃん|様)?"
JAPANESE_VERBS = re.compile(
    r"^[」』]?、?(?:と|って)[^。]{0,12}?(?:言|述べ|話|語|答え|叫|尋|聞|訊|返|呟|つぶや|説明|強調|コメント|書)"
)
JAPANESE_SUBJECT = re.compile(NAME + r"(?:は|が|も)(?:[^。「」]{0,20}、?)?$")
JAPANESE_LABEL = re.compile(r"^\s*" + NAME + r"\s*$")
CHINESE_VERBS = r"(?:说道|说|說道|說|表示|指出|称|稱|问道|问|問|答道|答|回答|写道|寫道|道|喊道|喊|强调|強調|认为|認為|告诉记者|介绍)"
CHINESE_BEFORE = re.compile(
    r"(?:^|[，。；！？\s])(?P<np>[\u3400-\u9fff]{1,6}?)(?:[又也还还就笑]{0,2})"
    + CHINESE_VERBS
    + r"[^。]{0,6}[:：，,]\s*$"
)
CHINESE_AFTER = re.compile(r"^[，,]?\s*(?P<np>[\u3400-\u9fff]{1,5}?)" + CHINESE_VERBS)


def eastern_cue(context: Context) -> str | None:
    """The speaker that a Japanese or Chinese cue names."""
    left, right = context.left[-60:], context.right[:40]
    if not any("\u3040" <= char <= "\u9fff" for char in left + right):
        return None
    if context.right and JAPANESE_VERBS.match(right):
        match = JAPANESE_SUBJECT.search(left)
    else:
        match = CHINESE_BEFORE.search(left) or CHINESE_AFTER.match(right) or JAPANESE_LABEL.match(left)
    return match["np"] if match else None
