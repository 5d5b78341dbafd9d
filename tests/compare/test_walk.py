"""Two trees walked side by side: every field is somewhere."""

from dataclasses import replace

from matchmodel.compare.walk import differing, leaves, only_in_one
from matchmodel.model.records import Drawn, Draws, Note

from .conftest import IM, put, without


def test_leaves_are_whole_numbers_with_where_they_stand(record):
    found = dict(leaves(record))
    assert found[(*IM, "level")] is record.types["non-us-img"].cells["Internal Medicine"].level
    assert isinstance(found[(*IM, "drift")], Draws) and found[("newest_table",)] == record.newest_table
    assert ("sources", 0, "id") in found and not any(
        isinstance(leaf, Drawn) and path[-1] == "draws" for path, leaf in found.items()
    )


def test_nothing_differs_from_itself(record):
    assert list(differing(record, record)) == list(only_in_one(record, record)) == []


def test_what_differs_and_what_is_lacking(record):
    new = put(record, (*IM, "score_mean"), 250.0)
    assert list(differing(record, new)) == [
        ((*IM, "score_mean"), record.types["non-us-img"].cells["Internal Medicine"].score_mean, 250.0)
    ]
    assert list(only_in_one(record, new)) == []
    less = without(record, IM)
    assert list(only_in_one(record, less)) == [(IM, False)] and list(only_in_one(less, record)) == [
        (IM, True)
    ]
    assert list(differing(record, less)) == []
    noted = put(record, (*IM, "level"), lambda d: replace(d, notes=(Note("one"),)))
    assert [path for path, *_ in differing(record, noted)] == [(*IM, "level")]
    bare = without(record, (*IM, "chain"))
    assert list(only_in_one(record, bare)) == [((*IM, "chain"), False)]
