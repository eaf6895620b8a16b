from __future__ import annotations

from archaeologist.agents.workflows.words import Ear, Words


def texts(ear: Ear) -> list[str]:
    return [incoming.text for incoming in ear.take()]


def test_every_conversation_that_goes_on_hears_each_word_once() -> None:
    words = Words()
    first, second = words.ear(), words.ear()
    words.say("mind the umlauts")
    assert [ear.is_spoken_to for ear in (first, second)] == [True, True]
    assert texts(first) == texts(second) == ["mind the umlauts"]
    assert [ear.is_spoken_to for ear in (first, second)] == [False, False]
    assert texts(first) == texts(second) == []


def test_a_conversation_that_begins_hears_what_nobody_has_heard_yet() -> None:
    words = Words()
    words.say("leave io alone")
    assert texts(words.ear()) == ["leave io alone"]
    assert texts(words.ear()) == []
