"""The extractors' answers to what a load asks about words and names."""

from extractors.quotes.clusters import families_of, sketch_of, variant_of, wording_of
from extractors.quotes.persons import person_of, persons_of
from warehouse.settle import Judge

JUDGE = Judge(
    wording_of=wording_of,
    variant_of=variant_of,
    families_of=families_of,
    persons_of=persons_of,
    person_of=person_of,
    sketch_of=sketch_of,
)
