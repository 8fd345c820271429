"""Which name stands for which: parts, short forms and misspellings of the full names on a page."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping

from extractors.quotes.vocabulary import first_names, nicknames, vocabulary

MIN_SHORT = 3  # letters of a short form
MIN_OFTEN, MIN_MISSPELT = 4, 7  # mentions and letters of a name before another is its misspelling
MAX_WORDS = 5  # of a full name; longer runs are bodies and titles


def full_names(counts: Counter[str], performers: Collection[str]) -> dict[str, str]:
    """A name → the full name it stands for, unless two people share it. Performers named in brackets behind their
    character are no full form of the character.
    """
    owners: dict[str, list[str]] = defaultdict(list)
    for name, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        words = name.split()
        # "CEO of the Harbour Club" is not the club
        office = " of " in name and words[0].lower() in vocabulary("en").roles
        if 2 <= len(words) <= MAX_WORDS and name not in performers and not office:
            for part in {words[0], words[-1], " ".join(words[-2:]), f"{words[0]} {words[-1]}"} - {name}:
                owners[part].append(name)
    known = {part: max(full, key=lambda name: _fits(part, name, counts)) for part, full in owners.items()}
    for short, full in list(known.items()):  # "Marcus Bell" is a part of "Marcus “Shorty” Bell"
        if full in known and known[full] != short:
            known[short] = known[full]
    return known | _short_forms(counts, known) | _misspelt(counts)


def _fits(part: str, full: str, counts: Counter[str]) -> tuple[bool, bool, int]:
    """A surname stands last and a first name first; an organisation called after somebody begins with the surname."""
    first = full.split(maxsplit=1)[0].lower() in first_names()
    return first, full.endswith(part) or part.lower() in first_names(), counts[full]


def _short_forms(counts: Counter[str], known: Mapping[str, str]) -> dict[str, str]:
    """Short forms ("Theo" beside "Theodore Lee", "Bob" beside "Robert Ray") that fit one person only."""
    fulls = {name for name in counts if " " in name} | set(known.values())
    singles = {name for name in counts if " " not in name}
    firsts: dict[str, set[str]] = defaultdict(set)
    begins: dict[str, set[str]] = defaultdict(set)
    for full in fulls:
        first = full.split()[0]
        firsts[first.lower()].add(full)
        if len(full.split()) <= MAX_WORDS:
            for length in range(MIN_SHORT, len(first)):
                begins[first[:length]].add(full)
    short: dict[str, str] = {}
    for name in singles - set(known):
        longer = nicknames().get(name.lower(), frozenset())
        called = {full for first in longer for full in firsts[first]}
        called = called or {full for full in (first.capitalize() for first in longer) if full in singles}
        owners = {known.get(full, full) for full in called | begins.get(name, set())}
        if len(owners) == 1:
            short[name] = owners.pop()
    return short


def _misspelt(counts: Counter[str]) -> dict[str, str]:
    """Rare names that are a frequent one but for a letter left out or added ("Teodore" for Theodore)."""
    often = {name for name, count in counts.items() if count >= MIN_OFTEN and len(name) >= MIN_MISSPELT}
    shorter = {name[:at] + name[at + 1 :]: name for name in often for at in range(1, len(name))}
    found: dict[str, str] = {}
    for name, count in counts.items():
        if count == 1 and len(name) >= MIN_MISSPELT - 1 and " " not in name:
            cut = (name[:at] + name[at + 1 :] for at in range(1, len(name)))
            meant = shorter.get(name) or next((other for other in cut if other in often), None)
            if meant:
                found[name] = meant
    return found
