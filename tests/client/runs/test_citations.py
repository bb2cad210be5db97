from __future__ import annotations

from owui_sync.client.runs.citations import CitedSource, number_of, numbered, sources_in

PAGE = CitedSource("https://a.test/x", "A", "https://a.test/x", ["text"])
FILE = CitedSource("f1", "tea.txt", None, ["Tea is hot."])


def test_passages_of_one_document_are_one_source() -> None:
    item = {
        "source": {"type": "collection", "id": "c", "name": "Handbook"},
        "document": ["one", "two", "three"],
        "metadata": [
            {"file_id": "f1", "name": "a.txt", "source": "a.txt"},
            {"file_id": "f1", "name": "a.txt", "source": "a.txt"},
            {"source": "https://a.test/x", "title": "A"},
        ],
    }
    assert sources_in([item, item]) == [
        CitedSource("f1", "a.txt", None, ["one", "two"]),
        CitedSource("https://a.test/x", "A", "https://a.test/x", ["three"]),
    ]


def test_sources_of_several_findings_are_numbered_once_in_their_order() -> None:
    again = CitedSource("f1", "tea.txt", None, ["Tea is green."])
    found = numbered([[FILE], [PAGE, again]])
    assert [(source.name, source.texts) for source in found] == [
        ("tea.txt", ["Tea is hot.", "Tea is green."]),
        ("A", ["text"]),
    ]
    assert FILE.texts == ["Tea is hot."]
    assert numbered([[FILE], [PAGE]], most=1) == [FILE]


def test_a_source_is_what_the_page_wants() -> None:
    assert PAGE.item() == {
        "source": {"id": "https://a.test/x", "name": "A", "url": "https://a.test/x"},
        "document": ["text"],
        "metadata": [{"source": "https://a.test/x", "name": "A"}],
    }


LONG = " ".join(f"word{number}" for number in range(200))


def page(url: str, text: str, name: str = "page") -> CitedSource:
    return CitedSource(url, name, url, [text])


def test_sources_that_are_nearly_the_same_are_one_with_all_their_passages() -> None:
    one = page("https://a.test/Tea", "about tea")
    other = page("http://www.a.test/Tea/?utm_source=x#top", "more about tea")
    [found] = numbered([[one], [other]])
    assert found.texts == ["about tea", "more about tea"]
    assert found.addresses == [one.url, other.url]
    assert [number_of(each, [found]) for each in (one, other, FILE)] == [1, 1, None]


def test_a_text_that_stands_in_two_places_is_one_source() -> None:
    copy = LONG.replace("word7 ", "word-seven ")
    assert len(numbered([[page("https://a.test/1", LONG)], [page("https://b.test/2", f" {LONG.upper()}\n")]])) == 1
    assert len(numbered([[page("https://a.test/1", LONG + " no")], [page("https://b.test/2", f"yes {LONG}")]])) == 1
    assert len(numbered([[page("https://a.test/1", LONG)], [page("https://b.test/2", copy)]])) == 2  # Another number.


def test_a_third_copy_is_the_same_source_too() -> None:
    copies = [f"{LONG} no", f"{LONG} yes", f"{LONG} perhaps"]
    [found] = numbered([[page(f"https://{number}.test", copy)] for number, copy in enumerate(copies)])
    assert found.texts == copies
    assert found.same == ["https://1.test", "https://2.test"]


def test_short_texts_and_answers_of_models_stay_apart() -> None:
    assert len(numbered([[page("https://a.test/1", "yes")], [page("https://b.test/2", "yes")]])) == 2
    answers = [CitedSource(id, id, None, [LONG], is_answer=True) for id in ("m1", "m2")]
    assert len(numbered([answers])) == 2
