"""An aggregator's list of sources: what it says of the articles above it, and where it cuts them."""

from datetime import date

from extractors.articles.sources import SourceList, folded, source_list
from extractors.blocks.text import document_of
from extractors.extract import extraction_of
from extractors.formats import pages_in
from extractors.records import Extraction, Page

FERRY = """The last ferry across the Aldermere will make its final crossing in October, after the county council voted on Tuesday to close the route that has linked the two shores for more than ninety years.

The service, which carries farmers, schoolchildren and a handful of commuters each morning, has lost money in every year since the new bridge opened further upstream, according to figures that the council published last week.

“We kept it running for as long as anybody could have asked of us,” said Nora Whitlock, who has steered the boat since her father retired. “But a boat that nobody pays for is a boat that nobody keeps.”

Residents on the eastern shore say that the decision was made without them. Several of them came to the meeting with a petition of four hundred names, but the chairman allowed only ten minutes for questions before the vote was called.

The council has promised a bus that will run twice a day between the two villages, although the road around the lake is closed by snow for several weeks in most winters and the journey takes almost an hour."""
BAKERY = """For eleven years the ovens in the cellar of the old customs house stood cold, and most people in Tarnbridge had forgotten that there were ovens in the cellar at all until the smell of bread came up through the grating.

Piers Oakley found them by accident. He had rented the ground floor as a workshop for his furniture, and he noticed one morning that the wall behind his lathe was warmer in summer than a wall beside a river should be.

Behind the plaster stood a door, and behind the door a stair, and at the bottom of the stair two brick ovens that had been built for the garrison two centuries ago. It took him a winter to clear the flues and another to learn how to bake.

Today he sells three hundred loaves on a Saturday and none at all on a Monday, because on Mondays he still makes chairs. The dough is mixed by hand and left to rise for eighteen hours in wooden troughs which he built himself.

He has no plans to grow. The ovens hold sixty loaves at a time, and he says that he would rather run out of bread before noon than learn to manage somebody who bakes it for him."""
OWLS = """Barn owls have returned to the salt marshes of the northern coast in numbers that nobody had expected, a survey by volunteers has found, a decade after the birds were thought to have left the area for good.

The volunteers counted forty-one breeding pairs between March and July, which is more than three times as many as in the last survey. Most of the nests were found in wooden boxes that farmers had put up under the roofs of their barns.

Scientists believe that the recovery has less to do with the boxes than with the voles on which the owls feed. The wide strips of rough grass that were left along the ditches for the sake of the flood defences turned out to be perfect for them.

Not everybody is convinced that the growth will last. Two wet springs in a row would be enough to halve the number of chicks, and the new coastal road that is planned for the end of the decade would cut the hunting grounds in two.

For the moment the owls can be seen at dusk from the sea wall, flying low and without a sound over the creeks, and the car park beside the pumping station is full on every dry evening."""
TITLES = (
    "The last ferry on the Aldermere",
    "The baker who found his ovens behind a wall",
    "Barn owls return to the northern marshes",
)
SITES = ("Aldermere Herald", "Tarnbridge Weekly", "Coast Notes")
DATES = ("Mar 3, 2021 -- ", "", "4 May 2022 -- ")
ABOVE = "\n\n".join(f"{title}\n\n{body}" for title, body in zip(TITLES, (FERRY, BAKERY, OWLS), strict=True))


def snippet_of(body: str) -> str:
    """What a search engine shows of a page: its first words, cut off."""
    return " ".join(body.split()[:24]) + " ..."


LIST = "\n".join(
    f" {number}. {title} - {site}\n    {dated}{snippet_of(body)}"
    for number, (title, site, dated, body) in enumerate(
        zip(TITLES, SITES, DATES, (FERRY, BAKERY, OWLS), strict=True), 1
    )
)


def list_of(text: str) -> SourceList:
    return source_list(document_of(text).blocks)


def extraction_from(text: str) -> Extraction:
    (page,) = pages_in(text.encode(), uri="page.txt")
    assert isinstance(page, Page)
    return extraction_of(page, today=date(2025, 6, 1))


def test_entries_have_title_site_and_date() -> None:
    entries = sorted(list_of(f"{ABOVE}\n\nSources\n\n{LIST}\n").entries, key=lambda entry: entry.best)
    assert [entry.title for entry in entries] == list(TITLES)
    assert [entry.site for entry in entries] == list(SITES)
    assert [entry.published for entry in entries] == [date(2021, 3, 3), None, date(2022, 5, 4)]
    assert all(entry.shared >= 0.6 for entry in entries)


def test_entries_say_where_their_title_and_snippet_stand() -> None:
    text = f"{ABOVE}\n\nSources\n\n{LIST}\n"
    blocks = document_of(text).blocks
    for entry in list_of(text).entries:
        assert entry.title_at is not None
        assert blocks[entry.title_at].text == entry.title
        assert entry.best == entry.title_at + 1


def test_the_list_begins_at_its_heading() -> None:
    text = f"{ABOVE}\n\nSources\n\n{LIST}\n"
    assert document_of(text).blocks[list_of(text).start].text == "Sources"


def test_a_list_of_other_links_before_it_is_part_of_it() -> None:
    text = f"{ABOVE}\n\nVideos\n\n 1. One video\n 2. Another video\n 3. A third video\n\nSources\n\n{LIST}\n"
    assert document_of(text).blocks[list_of(text).start].text == "Videos"


def test_an_entry_whose_snippet_stands_nowhere_is_left_out() -> None:
    other = "Something else altogether that no page above has ever said in these or in any other words ..."
    text = f"{ABOVE}\n\n{LIST}\n 4. Another page - Elsewhere\n    {other}\n"
    assert len(list_of(text).entries) == 3


def test_numbered_lists_without_snippets_are_part_of_the_text() -> None:
    found = list_of(f"{ABOVE}\n\n 1. Flour\n 2. Water\n 3. Salt\n")
    assert found.entries == ()
    assert found.start == len(document_of(f"{ABOVE}\n\n 1. Flour\n 2. Water\n 3. Salt\n").blocks)


def test_the_list_cuts_the_page_into_its_articles() -> None:
    extraction = extraction_from(f"{ABOVE}\n\nSources\n\n{LIST}\n")
    articles = extraction.articles
    assert [(article.title, article.site) for article in articles] == list(zip(TITLES, SITES, strict=True))
    assert [(article.published, article.published_source) for article in articles] == [
        (date(2021, 3, 3), "text"),
        (None, None),
        (date(2022, 5, 4), "text"),
    ]
    assert [article.body for article in articles] == [FERRY, BAKERY, OWLS]
    assert [placed.article for placed in extraction.blocks[-7:]] == [None] * 7


def test_a_page_that_has_lost_its_titles_is_cut_all_the_same() -> None:
    extraction = extraction_from(f"{FERRY}\n\n{BAKERY}\n\n{OWLS}\n\nSources\n\n{LIST}\n")
    assert [article.title for article in extraction.articles] == list(TITLES)
    assert [article.site for article in extraction.articles] == list(SITES)


def test_folded_titles_compare_by_their_words() -> None:
    assert folded("“It’s late!” – A Story") == folded("it's late a story")
