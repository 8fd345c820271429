"""What makes an article less than the whole text: paywalls, consent walls, cut-off and teaser texts."""

import re

from extractors.articles.around import FOOT_LINES, Surroundings

PAYWALL = re.compile(
    r"subscribe (?:now )?to (?:continue|keep|read|unlock|access)|(?:this|the) (?:article|story|content|post) is (?:only )?(?:for|available to|exclusive"
    r" to|reserved for) (?:\w+ )?(?:subscribers|members)|already a (?:subscriber|member)\b|to (?:continue|keep) reading\b.{0,60}(?:subscri|sign|log|regist)"
    r"|you have (?:reached|read) your (?:\w+ ){0,3}(?:free )?articles?|(?:subscribers|members)[- ]only\b|unlock (?:this|the full) (?:article|story)"
    r"|start your (?:free )?(?:trial|subscription)|member-only story",
    re.IGNORECASE,
)
CONSENT = re.compile(
    r"\b(?:cookies?|consent|gdpr|personali[sz]ed ads|privacy (?:policy|settings)|legitimate interest|our partners)\b",
    re.IGNORECASE,
)
CONSENT_STEMS = ("cookie", "consent", "gdpr", "personali", "privacy", "legitimate interest", "our partners")
CUT = re.compile(r"(?:\[?(?:…|\.\.\.)\]?|^continue reading\b.{0,20})$", re.IGNORECASE | re.MULTILINE)
MORE = re.compile(
    r"(?:read|continue|view|see) (?:more|reading|the (?:full|whole) (?:article|story|post))\b|full (?:story|article)\b",
    re.IGNORECASE,
)
SHORT_WORDS = 350  # behind a paywall a text longer than this is the article after all
TEASER_WORDS = 90
CONSENT_SHARE = 0.03  # of the words; an article about cookies has .01


def flags_of(around: Surroundings, body: str) -> tuple[str, ...]:
    """The flags of an article, in alphabetical order: consent_wall, paywalled, teaser, truncated."""
    words = max(1, body.count(" ") + 1)
    behind = "\n".join(around.blocks[i].text for i in around.run.foot[:FOOT_LINES])
    before = "\n".join(around.blocks[i].text for i in around.head)
    found = set()
    if around.json_ld.free is False or (words < SHORT_WORDS and PAYWALL.search(f"{before}\n{body[-400:]}\n{behind}")):
        found.add("paywalled")
    if _asks_for_consent(body, max(2.0, words * CONSENT_SHARE)):
        found.add("consent_wall")
    if CUT.search(body[-60:].rstrip().rpartition("\n")[2]):
        found.add("truncated")
    if words < TEASER_WORDS and MORE.search(behind):
        found.add("teaser")
    return tuple(sorted(found))


def _asks_for_consent(body: str, most: float) -> bool:
    """Does it speak of consent more than `most` times? Counting stems first is a tenth of the cost."""
    low = body.lower()
    if sum(map(low.count, CONSENT_STEMS)) <= most:
        return False
    asked = [word.lower().rstrip("s") for word in CONSENT.findall(body)]
    return len(asked) > most and set(asked) != {"cookie"}  # a recipe has cookies only
