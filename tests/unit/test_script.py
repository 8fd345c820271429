"""Lines of scripts: who speaks, what is a stage direction, what is no speech at all."""

import pytest

from extractors.quotes.script import script_line, script_lines, spoken_parts, unquoted


def turns_of(*texts: str) -> dict[int, tuple[str, str | None, str]]:
    return {index: (line.speaker, line.note, texts[index][line.start :]) for index, line in script_lines(texts).items()}


def spoken(text: str) -> tuple[list[str], tuple[str, ...]]:
    parts, directions = spoken_parts(text, text.index(":") + 1)
    return [text[start:stop] for start, stop in parts], directions


@pytest.mark.parametrize(
    ("text", "speaker", "note", "rest"),
    [
        ("Ann: Hello.", "Ann", None, "Hello."),
        ("Ann : Hello.", "Ann", None, "Hello."),
        ("ANN： おはよう。", "ANN", None, "おはよう。"),
        ("Mr. T: Hello.", "Mr. T", None, "Hello."),
        ("Ludwig van Berg: Hello.", "Ludwig van Berg", None, "Hello."),
        ("Guard 2: Halt!", "Guard 2", None, "Halt!"),
        ("Marine 2: Halt!", "Marine 2", None, "Halt!"),
        ("Bo (angry): Who are you?", "Bo", "angry", "Who are you?"),
        ("Bo [from the stairs]: Who are you?", "Bo", "from the stairs", "Who are you?"),
        ('Ann: "Hello."', "Ann", None, '"Hello."'),
        ("Ann: [laughs] Hello.", "Ann", None, "[laughs] Hello."),
    ],
)
def test_a_turn(text: str, speaker: str, note: str | None, rest: str) -> None:
    line = script_line(text)
    assert line is not None
    assert (line.speaker, line.note, text[line.start :]) == (speaker, note, rest)


@pytest.mark.parametrize(
    "text",
    ["Genre: Drama", "Director: Jane Roe", "The problem is: we", "He said: go", "10:30 start", "10:30: start", "Ann:", "ann: hello", "http://x: y", "Price (10): It is high.", "June 15: The tax is due.", "Sept. 15: The tax is due.", "A Line Of Far Too Many Words: Hello.", "Hello."],
)  # fmt: skip
def test_no_turn(text: str) -> None:
    assert script_line(text) is None


def test_a_script() -> None:
    assert turns_of("Ann : Hello there.", "Bo : Who are you?", "Ann : Nobody.") == {
        0: ("Ann", None, "Hello there."),
        1: ("Bo", None, "Who are you?"),
        2: ("Ann", None, "Nobody."),
    }


def test_directions_between_turns_do_not_end_a_script() -> None:
    assert set(turns_of("Ann: Hi.", "[A door opens]", "Bo: Hi.", "[Silence]", "Ann: [nods]")) == {0, 2, 4}


@pytest.mark.parametrize(
    "lines",
    [
        ("Plan Ahead: Lists save time.", "Buy Less: A plan keeps you from waste.", "Lists: Less is more."),
        (
            "Light: Bright sun is best.",
            "Water: Twice a week.",
            "Light: Half shade, with light soil.",
            "Water: No water.",
        ),
        ("Solaria 2: The small kit is light.", "Voltix: The large kit is heavy.", "Heatron: Its kit is cheap."),
    ],
)
def test_headings_of_a_list_are_no_speakers(lines: tuple[str, ...]) -> None:
    assert turns_of(*lines) == {}


def test_labels_that_are_no_names_speak_where_somebody_is_spoken_to() -> None:
    assert set(turns_of("Zorb: Who are you?", "Voice: I am the ship.", "Zorb: I hear a voice!")) == {0, 1, 2}


def test_two_lines_with_a_colon_are_no_script() -> None:
    assert turns_of("Ann: Hi.", "Bo: Hi.") == {}


def test_a_table_of_facts_is_no_script() -> None:
    assert turns_of("Genre: Drama", "Screen size: 15 inches", "Director: Jane Roe", "Weight: 2 kg") == {}


def test_facts_above_a_script_are_no_turns() -> None:
    facts = ("Screen size: 15 inches", "Battery: 20 hours", "Colour: Blue")
    assert set(turns_of(*facts, "Ann : Hello there.", "Bo : Who are you?", "Ann : Nobody.")) == {3, 4, 5}


@pytest.mark.parametrize(
    ("text", "parts", "directions"),
    [
        ("Ann: Hello.", ["Hello."], ()),
        ("Ann: [laughs] Hello. [pause] Bye.", ["Hello.", "Bye."], ("laughs", "pause")),
        ("Ann: Hello. [leaves]", ["Hello."], ("leaves",)),
        ("Ann: [nods]", [], ("nods",)),
        ("Ann: [nods] … [leaves]", [], ("nods", "leaves")),
        ("Ann: He was [sic] here [...] yes.", ["He was [sic] here [...] yes."], ()),
        ("Ann: An [unclosed bracket.", ["An [unclosed bracket."], ()),
    ],
)
def test_stage_directions_are_not_spoken(text: str, parts: list[str], directions: tuple[str, ...]) -> None:
    assert spoken(text) == (parts, directions)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("“Hello.”", "Hello."),
        ('"Hello."', "Hello."),
        ("Hello.", "Hello."),
        ("“Go,” she said. “Now.”", "“Go,” she said. “Now.”"),
        ("“Go", "“Go"),
    ],
)
def test_marks_around_the_whole_line_are_not_spoken(text: str, words: str) -> None:
    ((start, stop),) = unquoted(text, ((0, len(text)),))
    assert text[start:stop] == words
