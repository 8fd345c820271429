"""Who said it: an example for every rule, quotes split by their attribution, and marks around what is no quote."""

from uuid import UUID

import pytest

from extractors.quotes.attribute import RULES
from extractors.quotes.find import quotes_of
from extractors.quotes.passages import NoQuote, Passage
from extractors.records import Quote

OPEN = "“The bridge will open in May.”"
EXAMPLES = {
    "eastern_cue": ("花子は「明日は橋が開きます」と言った。",),
    "inverted_cue": ("“The bridge will open in May,” said Ann Lee.",),
    "dash_name": ("“The bridge will open in May.” – Ann Lee",),
    "cue_after": ("“The bridge will open in May,” Ann Lee, who had come late, told reporters.",),
    "incise": ("« Le pont va ouvrir, a expliqué Ann Lee, mais en mai seulement. »",),
    "how_said": ("“A bridge that will open in May” is how Ann Lee described it.",),
    "unlisted_cue": ("“The bridge will open in May!” harrumphed Ann Lee.",),
    "words_of": ("The bridge was, in Ann Lee’s words, “the one that nobody needed.”",),
    "according_to": ("According to Ann Lee, “the bridge will open in May.”",),
    "colon_paragraph": ("Ann Lee sat down with a pen and began:", OPEN),
    "closing_cue": ("It led to “longer ways to the harbour” for everyone, says Ann Lee.",),
    "cue_before": ("Ann Lee told her brother that “the bridge will open in May.”",),
    "participle": ("Ann Lee waved him off, telling him “the bridge will open in May.”",),
    "passive": ("The crew was told by Ann Lee that “the bridge will open in May.”",),
    "cue_noun": ("There was the claim from Ann Lee that “the bridge will open in May.”",),
    "colon": ("Ann Lee had one wish: “The bridge should open in May.”",),
    "same_sentence": ("The “slowest bridge in the whole valley” was a joke, and Ann Lee explained it in a letter.",),
    "frame": ("Ann Lee called the bridge “a gift to nobody at all” and left.",),
    "heading_above": ("# Ann Lee", OPEN),
    "dash_beat": ("“The bridge will open”—Ann Lee leaned over—“in the month of May.”",),
    "midway": ("Ann Lee’s hope for the whole harbour rests on “a bridge that opens in May.”",),
    "beat": ("Ann Lee put down the cup. “The bridge will open in May.”",),
    "beat_after": ("“Is it open?”", "“Not yet!”", "“When will it be?”", f"{OPEN} Ann Lee closed the door."),
    "carried_on": ("“The bridge will open in May,” said Ann Lee. Then came laughter. “It is only a bridge.”",),
    "turn": ("“Is it open?” asked Ann Lee.", "“Not yet!” said Bob Ray.", "“When will it be?”"),
    "subject_before": ("Ann Lee has run the ferry since May.", "“The bridge will take all my passengers.”"),
    "whoever_reported": ("The ferry, Ann Lee said, is old. It “needs a new engine before May” or a new owner.",),
    "whoever_spoke": ("“It is late,” said Ann Lee.", "“The bridge will open in May.” And so the day went on."),
}


def found_in(*paragraphs: str) -> tuple[tuple[Quote, ...], tuple[NoQuote, ...]]:
    passages = []
    place = 0
    for text in paragraphs:
        heading = text.startswith("# ")
        words = text.removeprefix("# ")
        start = place + len(text) - len(words)
        passages.append(Passage(start=start, stop=place + len(text), text=words, heading=heading))
        place += len(text) + 2
    return quotes_of(UUID(int=1), "\n\n".join(paragraphs), passages)


def said_in(*paragraphs: str) -> list[tuple[str, str | None]]:
    return [(quote.text, quote.speaker) for quote in found_in(*paragraphs)[0]]


def test_every_rule_has_an_example() -> None:
    assert set(EXAMPLES) == {name for name, *_ in RULES}


@pytest.mark.parametrize(("rule", "paragraphs"), EXAMPLES.items())
def test_the_named_rule_answers(rule: str, paragraphs: tuple[str, ...]) -> None:
    quotes, refused = found_in(*paragraphs)
    assert (quotes[-1].rule, quotes[-1].speaker) == (rule, "花子" if rule == "eastern_cue" else "Ann Lee")
    confidence = next(confidence for name, confidence, *_ in RULES if name == rule)
    assert 0 < quotes[-1].confidence <= confidence
    assert not refused


BRIDGE = "The bridge will open in May,"


@pytest.mark.parametrize(
    ("paragraph", "speaker"),
    [
        (f"“{BRIDGE}” Sen. Ann Lee (D-N.Y.) said.", "Ann Lee"),
        (f"“{BRIDGE}” said Co-Founder, Ann Lee.", "Ann Lee"),
        (f"“{BRIDGE}” says Harbour Events Co-Owner and Planner Ann Lee.", "Ann Lee"),
        (f"“{BRIDGE}” Bank of Nowhere analyst Ann Lee wrote.", "Ann Lee"),
        (f"“{BRIDGE}” said the Weekly’s Ann Lee.", "Ann Lee"),
        ("The Weekly’s chief AI writer Ann Lee said “the bridge will open in May.”", "Ann Lee"),
        ("With help from many, like Ann Lee, who said “the bridge will open in May.”", "Ann Lee"),
        ("The plan of the town, said Ann Lee, which includes “a bridge that will open in May.”", "Ann Lee"),
        ("Ann Lee said the old rumours suggest that “the bridge will open in May.”", "Ann Lee"),
        ("Ann Lee talked to Bob Ray and Cy Orr, stating “the bridge will open in May.”", "Ann Lee"),
        (f"“{BRIDGE}” Ann Lee, founder of Harbour Tours told us.", "Ann Lee"),
        ("As Fleet 6 reports, “the bridge will open in May.”", "Fleet"),
        ("I’m not saying “the bridge will open in May.”", None),
        ("There he sang “Praise Ann” as the crowd fell silent. “The bridge is to open in May,” Ann said.", "Ann"),
        (f"“{BRIDGE}” said Bay College computer science professor Ann Lee.", "Ann Lee"),
        (f"“{BRIDGE}” says Bay College political scientist and author Ann Lee.", "Ann Lee"),
        ("The bridge, wrote Ann Lee, author of a book, was “a gift to nobody at all.”", "Ann Lee"),
        ("Ann Lee, an old friend of the crew, told Bay TV, “the bridge will open in May.”", "Ann Lee"),
        ("Ann Lee, an old friend of the crew, wrote Bob Ray, “the bridge will open in May.”", "Ann Lee"),
        ("Our reviewer Lee was impressed by “a bridge that opens in the month of May.”", "Lee"),
        ("Already, the new piers have offered “a breath of fresh air” to the town, Ann Lee says.", "Ann Lee"),
        ("The piers would be a gift to all, says Ann Lee, a teacher at Bay College. “We love the bridge.”", "Ann Lee"),
        ("“It is late,” says Ann Lee, Ph.D., head of Bay College. “We all love the bridge.”", "Ann Lee"),
        ("“It is late,” says Ann Lee, a teacher at Bay College who loves ships. “We love the bridge.”", "Ann Lee"),
        ("Bay Ferries canceled the trip on May 19 “in light of all that is going on.”", None),
        ("Ann Lee snapped up a ferry. Users can ask for “a bridge that opens in May.”", None),
    ],
)
def test_who_says_it(paragraph: str, speaker: str | None) -> None:
    assert said_in(paragraph)[-1][1] == speaker


@pytest.mark.parametrize(
    ("before", "paragraph", "speaker"),
    [
        (
            "Bob Ray met Jim Orr’s crew.",
            "He told the Weekly that Orr “likes to hear what everybody thinks.”",
            "Bob Ray",
        ),
        ("Bob Ray sat beside Jim Orr.", "“He likes to hear what everybody thinks,” he said of Orr.", "Bob Ray"),
        ("Bob Ray saw it and told Bay TV that it was so.", f"“{BRIDGE}” he said.", "Bob Ray"),
        ("Bob Ray saw the pictures on Instagram. He did. He did. He did.", f"“{BRIDGE}” he said.", "Bob Ray"),
        ("Jim Orr came. Since leaving the crew, Bob Ray has run Google.", f"“{BRIDGE}” he said.", "Bob Ray"),
        ("Bob Ray came.", f"“{BRIDGE}” he said, and then we knew the new star in Ray’s life.", "Bob Ray"),
    ],
)
def test_whom_a_pronoun_means(before: str, paragraph: str, speaker: str) -> None:
    assert said_in(before, paragraph)[-1][1] == speaker


def test_a_name_on_the_line_below() -> None:
    ((_, speaker),) = said_in("“My ferry came early, and the crew was kind.”", "Rebecca Zorn, Harbour Tours")
    assert speaker == "Rebecca Zorn"


def test_names_below_and_names_above() -> None:
    one, two = "“My ferry came early, and the crew was kind.”", "“The tea on board was hot and free for all.”"
    below = said_in("What they say about us", one, "Rebecca Zorn", two, "Peter Finn, Harbour Tours")
    assert [speaker for _, speaker in below] == ["Rebecca Zorn", "Peter Finn"]
    above = said_in("Rebecca Zorn", one, "Peter Finn", two, "Mary Hill", "She said nothing.")
    assert [speaker for _, speaker in above] == ["Rebecca Zorn", "Peter Finn"]


@pytest.mark.parametrize("label", ["Ann Lee, Head of the Harbour Office:", "Ann Lee of the Fleet:"])
def test_a_name_with_what_it_is_above_a_quote(label: str) -> None:
    ((_, speaker),) = said_in(label, OPEN)
    assert speaker is not None
    assert speaker.startswith("Ann Lee")


def test_she_is_who_was_last_said_to_say_something() -> None:
    first, second = (
        "“The ferry is old,” Mary Hill said. Mary Hill left.",
        "Ann Lee says it is new. “It runs,” she adds.",
    )
    assert said_in(first, second)[-1] == ("It runs,", "Ann Lee")


def test_a_quote_split_by_its_attribution_is_one() -> None:
    (quote,), _ = found_in("Ann Lee looked up. “It is late,” she said. “We should go home now.”")
    assert (quote.text, quote.speaker, len(quote.parts)) == ("It is late, We should go home now.", "Ann Lee", 2)
    assert quote.speaker_as_written == "she"


def test_a_second_cue_begins_a_second_quote() -> None:
    assert said_in("“The bridge will open,” said Ann Lee. “It will not,” said Bob Ray.") == [
        ("The bridge will open,", "Ann Lee"),
        ("It will not,", "Bob Ray"),
    ]


@pytest.mark.parametrize(
    "paragraphs",
    [
        (
            "“The first point is cost,” Ann Lee said. “It has doubled.",
            "“The second point is time.",
            "“So is the third.”",
        ),
        ("“The first point is cost.", "“The second point, that of time, is long to tell,” Ann Lee said. “It is.”"),
    ],
)
def test_what_splits_a_quote_of_several_paragraphs_attributes_it(paragraphs: tuple[str, ...]) -> None:
    ((text, speaker),) = said_in(*paragraphs)
    assert (text.count("\n"), speaker) == (len(paragraphs) - 1, "Ann Lee")


def test_a_quote_left_open_goes_on_in_the_next_paragraph() -> None:
    assert said_in("“The bridge is open.", "“And it stays open,” said Ann Lee.") == [
        ("The bridge is open.\nAnd it stays open,", "Ann Lee"),
    ]


def test_a_quote_nobody_is_said_to_have_said_has_no_speaker() -> None:
    (quote,), _ = found_in("and then “we are closed until the first of May.” and so on")
    assert (quote.speaker, quote.speaker_as_written, quote.rule) == (None, None, "no_speaker")


@pytest.mark.parametrize(
    ("paragraph", "speaker"),
    [
        ("“The bridge will open in May,” said Ann Lee of the Harbour Board.", "Ann Lee"),
        ("As surgeon Dr. Zoltan Lee of HHB explains, “the bridge will open in May.”", "Zoltan Lee"),
        ("“The bridge will open in May,” said Anne of Cleves.", "Anne of Cleves"),
        ("“The bridge will open in May”. - Ann Lee", "Ann Lee"),
        ("“The bridge will open in May.” – Source: Harbour Board", "Harbour Board"),
    ],
)
def test_whom_a_speaker_works_for_and_marks_around_a_signature(paragraph: str, speaker: str) -> None:
    assert [quote.speaker for quote in found_in(paragraph)[0]] == [speaker]


@pytest.mark.parametrize(
    ("introduction", "speaker"),
    [
        ("Her caption:", "Ann Lee"),
        ("The page was blue. Her short answer to all of them:", "Ann Lee"),
        ("Her answer, Bob Ray said with a smile:", "Bob Ray"),
    ],
)
def test_whose_words_follow(introduction: str, speaker: str) -> None:
    paragraphs = "Ann Lee showed a picture of herself on the quay.", introduction, OPEN
    assert said_in(*paragraphs) == [("The bridge will open in May.", speaker)]


def test_the_one_spoken_to_replies() -> None:
    paragraphs = "Ann Lee asks Bob Ray for the keys, to which he replies:", "“The bridge will open in May.”"
    assert said_in(*paragraphs) == [("The bridge will open in May.", "Bob Ray")]


@pytest.mark.parametrize(
    ("paragraph", "code", "words"),
    [
        ("It was a “wait and see”-style plan.", "quote.term", "wait and see"),
        ("They called “Slow Water” a hit.", "quote.term", "Slow Water"),
        ("The so-called “smart city” failed.", "quote.term", "smart city"),
        ("He wrote “The Long Road To The Old Harbour” in May.", "quote.title", "The Long Road To The Old Harbour"),
        ("He owns the “smart” car.", "quote.short", "smart"),
        ("The talk went to “how can the bridge be paid for”.", "quote.mention", "how can the bridge be paid for"),
        ("It feels like “the bridge will never be finished.”", "quote.mention", "the bridge will never be finished."),
        ("He posted “https://example.org/bridge” on Monday.", "quote.code", "https://example.org/bridge"),
    ],
)
def test_no_quotes(paragraph: str, code: str, words: str) -> None:
    quotes, (refused,) = found_in(paragraph)
    assert not quotes
    assert (refused.code, paragraph[refused.start : refused.stop]) == (code, words)
    assert refused.detail


def test_frequent_questions_are_no_interview() -> None:
    turns = "Q: When does the bridge open?", "A: It opens in May.", "Q: Who may use it?", "A: You may, I think."
    quotes, refused = found_in("Frequently asked questions", *turns)
    assert not quotes
    assert {item.code for item in refused} == {"quote.faq"}
    assert len(found_in("# Ann Lee on her bridge", *turns)[0]) == 4


def test_a_value_in_data_is_no_quote() -> None:
    quotes, refused = found_in('"review": "It fits very well and protects.",')
    assert not quotes
    assert [item.code for item in refused] == ["quote.short", "quote.code"]


def test_script_lines_keep_their_directions_apart() -> None:
    quotes, (refused,) = found_in("Ann : Hello.", "Bo (angry) : [laughs] Who? [pause] Go.", "Ann : [nods]", "Ann : No.")
    assert [(quote.speaker, quote.text, quote.stage_directions) for quote in quotes] == [
        ("Ann", "Hello.", ()),
        ("Bo", "Who? Go.", ("angry", "laughs", "pause")),
        ("Ann", "No.", ()),
    ]
    assert {quote.kind for quote in quotes} == {"dialogue_line"}
    assert refused.code == "quote.no_words"


def test_the_same_words_twice_are_two_quotes() -> None:
    quotes, _ = found_in("“We will not go home,” said Ann Lee.", "“We will not go home,” said Bob Ray.")
    assert len({quote.quote_id for quote in quotes}) == 2
    assert [quote.position for quote in quotes] == [0, 1]


@pytest.mark.parametrize(
    ("paragraphs", "said"),
    [
        pytest.param(
            ("— ¿Vienes? — preguntó Ana.", "— No — respondió Luis —, estoy cansado."),
            [("¿Vienes?", "Ana"), ("No estoy cansado.", "Luis")],
            id="Spanish",
        ),
        pytest.param(
            ("— Vous partez ? demanda Claire.", "— Oui, répondit Paul. Il est tard.", "— Restez."),
            [("Vous partez ?", "Claire"), ("Oui, Il est tard.", "Paul"), ("Restez.", "Claire")],
            id="French",
        ),
        pytest.param(
            ("“Be brave in the dark.”", "— Ann Lee"), [("Be brave in the dark.", "Ann Lee")], id="a signature"
        ),
    ],
)
def test_dialogue_behind_dashes(paragraphs: tuple[str, ...], said: list[tuple[str, str]]) -> None:
    assert said_in(*paragraphs) == said


@pytest.mark.parametrize(
    ("paragraph", "words", "speaker"),
    [
        ("„Ich gehe jetzt nach Hause“, sagte Anna Weber.", "Ich gehe jetzt nach Hause", "Anna Weber"),
        ("»Ich bleibe lieber hier«, sagte Tom.", "Ich bleibe lieber hier", "Tom"),
        ("« Je pars demain », a déclaré Claire Dubois.", "Je pars demain", "Claire Dubois"),
        ("«Me voy mañana», dijo Clara Díaz.", "Me voy mañana", "Clara Díaz"),
        ("”Jag kommer hem”, sade Lars.", "Jag kommer hem", "Lars"),
        ("李明说：“我明天到。”", "我明天到。", "李明"),
        ("â€œWe won the cup,â€\x9d said Ana.", "We won the cup,", "Ana"),
        ("``We won the cup,'' said Ana.", "We won the cup,", "Ana"),
    ],
)
def test_marks_and_cues_of_other_languages(paragraph: str, words: str, speaker: str) -> None:
    assert said_in(paragraph) == [(words, speaker)]


def test_quoted_mail() -> None:
    paragraphs = (
        "On 3 May 2020 Ann Lee <ann@example.org> wrote:",
        "> I will come on Friday,",
        "> and bring cake.",
        "Great.",
    )
    (quote,), _ = found_in(*paragraphs)
    assert (quote.text, quote.speaker) == ("I will come on Friday,\nand bring cake.", "Ann Lee")
    assert said_in("> Home > News > Sport and more of it", "Great.") == []


@pytest.mark.parametrize(
    ("paragraphs", "speaker"),
    [
        (
            ("Singer Ann Lee met Bo Ray at the harbour.", "“Nothing is ready yet,” the singer told reporters."),
            "Ann Lee",
        ),
        (("The Harbour Agency wrote a report.", "“The bridge is not safe,” the report said."), "Harbour Agency"),
        (("A senator came late. Ann Lee did not.", "“We will not vote today,” the senator said."), None),
        (("“They went home early,” spokespeople said.",), None),
    ],
)
def test_roles_and_documents(paragraphs: tuple[str, ...], speaker: str | None) -> None:
    assert [quote.speaker for quote in found_in(*paragraphs)[0]] == [speaker]


LIVELY = ("“Who is there?” asked Ann Lee.", "“Only the cat!” said Bob Ray.", "“At this hour?” asked Ann Lee.")


def test_a_narrator_and_people_without_names_take_turns_too() -> None:
    story = (
        "“Who is there?” Ann Lee asked.",
        "“Only the cat!” I said.",
        "“At this hour?”",
        "“It was hungry!”",
        "“So am I!”",
    )
    assert [speaker for _, speaker in said_in(*story)] == ["Ann Lee", None, "Ann Lee", None, "Ann Lee"]


def test_who_is_told_about_answers() -> None:
    story = "Mr. Hill sat still.", "“Is it late?” asked Ann Lee.", "“It is!”", "“How late?”", "“Very late!”"
    assert [speaker for _, speaker in said_in(*story)] == ["Ann Lee", "Mr. Hill", "Ann Lee", "Mr. Hill"]


def test_his_wife_has_his_name() -> None:
    paragraphs = "Mr. Hill had a boat, and Mrs. Hill did not.", "Mr. Hill came late. “It is eight,” said his wife."
    assert said_in(*paragraphs) == [("It is eight,", "Mrs. Hill")]


def test_a_month_can_be_a_name() -> None:
    assert said_in(*LIVELY, "“Have some tea,” said the March Hare.")[-1][1] == "March Hare"


def test_a_beat_is_about_whom_it_begins_with() -> None:
    assert said_in(*LIVELY, "Ann Lee rose as the cook had taught her. “What is it?”")[-1][1] == "Ann Lee"
    assert said_in("The bridge is old, Ann Lee added. “It creaks in the wind.”")[-1][1] == "Ann Lee"


def test_a_pronoun_behind_somebody_without_a_name_is_nobody_with_one() -> None:
    expert = "Mary Hill, who runs the shelter, said naps are good."
    woman = "A 34-year-old woman wrote to us on Tuesday. “I cried for days,” the woman said.", "“He left,” she added."
    assert [speaker for _, speaker in said_in(expert, *woman)] == [None, None]
    boy = "The teenager said he liked it. “The bed was warm,” he said.", "“It is a good place,” she said."
    assert [speaker for _, speaker in said_in(expert, *boy)] == [None, "Mary Hill"]


@pytest.mark.parametrize(
    "heading", ["# Why This Matters", "# Adding Bridges", "# Lessons Learned", "# Common Objections"]
)
def test_a_heading_that_is_no_name_says_nothing(heading: str) -> None:
    ((quote,), _) = found_in("The town has many bridges and adds one now.", heading, OPEN)
    assert quote.speaker is None


def test_a_first_name_of_women_and_men_is_a_name_at_the_beginning_of_a_sentence() -> None:
    ((quote,), _) = found_in("Kelly D. North, Gardener and Author of Your Garden:", OPEN)
    assert quote.speaker == "Kelly D. North"


def test_the_letters_of_questions_and_answers_are_nobody() -> None:
    quotes, _ = found_in("Q: Is it open?", "A: Not yet, I fear!", "Q: When will it be?", "A: We hope for May!")
    assert {quote.speaker for quote in quotes} == {None}


@pytest.mark.parametrize(
    "paragraph", ["Myth: “The bridge will open in May.”", "It is late, However, telling “the bridge will open in May.”"]
)
def test_a_word_that_begins_a_line_is_no_name(paragraph: str) -> None:
    ((quote,), _) = found_in("However it may be, a myth is told here.", paragraph)
    assert quote.speaker is None


def test_a_name_before_a_colon_that_the_text_names_elsewhere_is_the_speaker() -> None:
    ((quote,), _) = found_in("The harbour belongs to Moran since May.", "Moran: “The bridge will open in May.”")
    assert quote.speaker == "Moran"


def test_a_heading_with_a_name_of_the_text_says_who_speaks() -> None:
    ((quote,), _) = found_in("The ferry was run by Xaro Veldt since May.", "# Xaro Veldt", OPEN)
    assert quote.speaker == "Xaro Veldt"


CAST = "Maria Delgado, who runs the harbour, met Tom Baker and Ann Keating on Monday."


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“The bridge will open in May,” Keating said.", "Ann Keating"),
        ("“The bridge will open in May,” Baker’s lawyer, Sue King, said.", "Sue King"),
        ("“The bridge will open in May,” O’Reilly, a spokesman, said.", "O’Reilly"),
        ("“The bridge will open in May,” Delgado’s spokeswoman told the paper.", None),
        ("“The bridge will open in May,” Delgado’s statement read.", "Maria Delgado"),
        ("Someone said: “The bridge will open in May.”", None),
        ("Nobody told us that “the bridge will open in May.”", None),
    ],
)
def test_names_that_look_like_words_and_words_that_look_like_names(text: str, speaker: str | None) -> None:
    ((quote,), _) = found_in(CAST, text)
    assert quote.speaker == speaker


@pytest.mark.parametrize("name", ["Kelsey Price", "Theresa May", "Mark Long", "Sue King", "Joe Manning"])
@pytest.mark.parametrize(
    "said",
    [
        "“The bridge will open in June,” {} said.",
        "{} said “the bridge will open in June.”",
        "“The bridge will open in June,” said {}.",
    ],
)
def test_a_surname_that_is_a_word_of_the_text_speaks(name: str, said: str) -> None:
    surname = name.rsplit(maxsplit=1)[-1]
    story = f"{name} runs the harbour, where the {surname.lower()} is all that people talk about."
    ((quote,), _) = found_in(story, said.format(surname))
    assert quote.speaker == name
