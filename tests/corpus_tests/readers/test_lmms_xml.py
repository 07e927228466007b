"""LMMS projects opened as XML: packed or plain, with numbers in attributes and children, and bombs stopped early."""

import xml.etree.ElementTree as ET

import pytest

from corpus.readers.lmms_xml import MAX_DEPTH, open_project, setting, whole
from song.errors import UserError
from tests.corpus_tests.lmms_music import TUNE, packed, project, track


@pytest.mark.parametrize(
    "wrap",
    [bytes, packed, lambda text: b"\xef\xbb\xbf" + text, lambda text: b"\n " + text.split(b"\n", 2)[2]],
    ids=["plain", "packed", "with a byte order mark", "without a heading"],
)
def test_a_project_is_opened_packed_and_plain(wrap):
    root = open_project(wrap(project(track(TUNE))))
    assert root.tag == "lmms-project"
    assert [note.get("key") for note in root.iter("note")] == ["57", "60"]


def test_the_root_of_old_versions_is_known():
    assert open_project(b"<multimedia-project/>").tag == "multimedia-project"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is empty"),
        (b"\0\0\0\0", "it is cut short"),
        (packed(b"<lmms-project/>" * 99)[:-9], "it is cut short"),
        (b"\0\0\0\x10no zlib at all", "its contents cannot be unpacked"),
        (b"<html></html>", "it is XML, but not an LMMS project"),
        (b"<lmms-project>", "it is damaged"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><lmms-project/>", "it declares XML entities"),
        (b"<?xml version='1.0' encoding='utf-7'?><lmms-project/>", "an encoding that LMMS does not write"),
    ],
)
def test_what_is_no_project_is_refused(data, words):
    with pytest.raises(UserError, match=words):
        open_project(data)


def test_elements_may_lie_within_one_another_so_deep_and_no_deeper():
    def nested(depth):
        return b"<lmms-project>" + b"<a>" * (depth - 1) + b"</a>" * (depth - 1) + b"</lmms-project>"

    assert open_project(nested(MAX_DEPTH)).tag == "lmms-project"
    with pytest.raises(UserError, match="far more than an LMMS song does"):
        open_project(nested(MAX_DEPTH + 1))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('<a bpm="140.7"/>', 140.7),
        ('<a><bpm value="99.5"/></a>', 99.5),
        # What is automated has its number in a child, beside the attribute of a project that is not.
        ('<a bpm="120"><bpm value="99.5"/></a>', 120.0),
        ('<a bpm=""/>', 7.5),
        ("<a><bpm/></a>", 7.5),
        ("<a/>", 7.5),
    ],
)
def test_a_number_stands_in_an_attribute_or_in_a_child_or_is_the_default(text, value):
    assert setting(ET.fromstring(text), "bpm", 7.5) == value


@pytest.mark.parametrize(("text", "value"), [("12", 12), ("12.9", 12), ("-0.5", 0), ("1e3", 1000)])
def test_a_whole_number_is_cut_off(text, value):
    assert whole(ET.Element("a", pos=text), "pos", 0) == value


@pytest.mark.parametrize("text", ["x", "nan", "inf", "-inf", "1e999", "0x10"])
def test_a_number_that_is_none_is_named_with_its_place(text):
    with pytest.raises(UserError, match=f'it is damaged: "{text}" stands where pos should be a number'):
        setting(ET.Element("a", pos=text), "pos", 0)
