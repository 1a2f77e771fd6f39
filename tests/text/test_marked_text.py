"""A sentence of SSML has the voice, manner, pause and marks of its place in the document, however the text is cut."""

import unicodedata
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hailo_piper.errors import InvalidRequestError, SpeechError, TextTooLongError
from hailo_piper.text.lexicon.matcher import Lexicon
from hailo_piper.text.lexicon.pronunciation import Pronunciation
from hailo_piper.text.manner import PLAIN, Manner
from hailo_piper.text.marked_text import MarkedText
from hailo_piper.text.normalise.verbaliser import verbalise
from hailo_piper.text.places import Located
from hailo_piper.text.reading import Reading
from hailo_piper.text.sentence import Sentence, Span
from hailo_piper.text.splitter import split
from hailo_piper.text.ssml.fault import SsmlError
from hailo_piper.text.stream import TextStream, whole
from hailo_piper.text.voice_choice import VoiceChoice
from tests.support.growth import grows_slowly
from tests.text.ssml.rendering import in_pieces

SSML = Reading("en_US", "ssml")
FAST = Manner(rate=1.25)


def stream_of(text: str, reading: Reading = SSML, *, keeps_places: bool = False) -> TextStream:
    return whole(text, reading, max_text_length=1000, keeps_places=keeps_places)


def sentences_of(text: str, reading: Reading = SSML) -> tuple[Sentence, ...]:
    return stream_of(text, reading).take()


def runs(sentence: Sentence) -> list[tuple[str, dict[str, object]]]:
    """The text of each span, with what is not as usual."""
    plain = Span("", 0, 0)
    fields = [name for name in Span._fields if name not in {"spoken", "start", "end"}]
    return [
        (span.spoken, {name: getattr(span, name) for name in fields if getattr(span, name) != getattr(plain, name)})
        for span in sentence.spans
    ]


def test_a_plain_document_has_the_sentences_of_its_text() -> None:
    text = "Hello there. It cost $5, Dr. Smith said. Bye!"
    assert sentences_of(f"<speak xml:lang='en-US'>{text}</speak>") == split(text, Reading("en_US"))


@pytest.mark.parametrize(
    ("document", "lengths"),
    [
        ("a <prosody duration='2s'>b c</prosody> d", [[0, 2, 0]]),
        ("<prosody duration='2s'>One two. Three.</prosody>", [[2 * 6 / 11], [2 * 5 / 11]]),
        ("<prosody duration='2s'>Six. <emphasis>Si</emphasis>x.</prosody>", [[1], [1, 1]]),
        ("<prosody duration='2s'><break/>Six.<mark name='a'/> Six.</prosody> Six.", [[1], [1], []]),
        ("<prosody duration='2s'>&#83;ix. <sub alias='six'>a long one</sub>.</prosody>", [[2]]),
        ("<prosody duration='1s'>a</prosody> <prosody duration='1s'>b</prosody>", [[1, 1]]),
        ("<prosody duration='1s'>a</prosody><prosody duration='1s'> b</prosody>", [[1, 1]]),
        ("<prosody duration='1s'><phoneme ph='k'/></prosody>", [[1]]),
        ("<prosody duration='1s'/>a", [[]]),
        ("<prosody duration='1s'><break/></prosody>a", [[]]),
    ],
)  # fmt: skip
def test_a_length_is_shared_out_over_sentences_by_what_they_say(document: str, lengths: list[list[float]]) -> None:
    found = [[manner.seconds for _, manner in sentence.manners] for sentence in sentences_of(document)]
    assert found == [pytest.approx(each) for each in lengths]


def test_neighbours_of_one_length_are_told_apart() -> None:
    (sentence,) = sentences_of("<prosody duration='1s'>a</prosody><prosody duration='1s'> b</prosody>")
    assert len({manner.timing for _, manner in sentence.manners}) == 2


def test_a_contour_goes_on_in_the_next_sentence() -> None:
    first, second = sentences_of("<prosody contour='(0%,+0st)(100%,+12st)'>One two. One two.</prosody>")
    ((_, before),), ((_, after),) = first.manners, second.manners
    assert [each for target in before.contour for each in target] == pytest.approx([0, 1, 2, 2])
    assert [each for target in after.contour for each in target] == pytest.approx([-1, 1, 1, 2])


def test_a_timed_element_says_nothing_before_it_ends_and_is_bounded() -> None:
    text = MarkedText(SSML, max_text_length=1000, keeps_places=False)
    assert text.push("<prosody duration='2s'>One. Two. Three. ") == ()
    assert len(text.push("Four.</prosody> Five. Six.")) >= 4
    with pytest.raises(InvalidRequestError, match="at most 2000 characters"):
        sentences_of(f"<prosody contour='(0%,+1st)'>{'a ' * 1001}</prosody>")


def test_a_change_of_manner_cuts_a_sentence_into_spans() -> None:
    (sentence,) = sentences_of("<speak>One <prosody rate='fast'>two, three</prosody> four.</speak>")
    assert sentence.text == "One two, three four."
    assert runs(sentence) == [("One ", {}), ("two, three", {"manner": FAST}), (" four.", {})]
    assert [(span.start, span.end) for span in sentence.spans] == [(0, 4), (4, 14), (14, 20)]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("a <phoneme ph='kæt'>cat</phoneme> b", [("a ", {}), ("cat", {"phonemes": "kæt"}), (" b", {})]),
        ("<phoneme ph='k'>New\n  York</phoneme>.", [("New York", {"phonemes": "k"}), (".", {})]),
        ("<phoneme ph='k'>a</phoneme> <phoneme ph='k'>b</phoneme>",
         [("a", {"phonemes": "k"}), (" ", {}), ("b", {"phonemes": "k"})]),
        ("<phoneme ph='tʃa'>cha</phoneme><phoneme ph='tʃa'>cha</phoneme>",
         [("cha", {"phonemes": "tʃa"}), ("cha", {"phonemes": "tʃa"})]),
        ("<phoneme ph='kæt'/> x", [("kæt", {"phonemes": "kæt"}), (" x", {})]),
        ("a <say-as interpret-as='digits'>78</say-as>.", [("a ", {}), ("7 8", {"rule": "say-as"}), (".", {})]),
        ("a <say-as interpret-as='no'>b</say-as>.", []),
        ("<lang xml:lang='fr-FR'>Oui</lang>, he said", [("Oui", {"language": "fr-FR"}), (", he said", {})]),
        ("<lang xml:lang='en_us'>Yes</lang> <lang xml:lang='en'>no</lang>", []),
        ("<lang xml:lang='../../x'>Yes</lang>", []),
        ("<prosody rate='fast'><phoneme ph='k'>a</phoneme> b</prosody>",
         [("a", {"phonemes": "k", "manner": FAST}), (" b", {"manner": FAST})]),
        ("<prosody rate='fast'>a</prosody><prosody rate='fast'> b</prosody>", [("a b", {"manner": FAST})]),
        ("<emphasis level='none'>a</emphasis> <sub alias='x y'>b</sub>", []),
        ("caf<prosody rate='fast'>&#233; e\u0301</prosody>x",
         [("caf", {}), ("é é", {"manner": FAST}), ("x", {})]),
        ("日本<prosody rate='fast'>語</prosody>", [("日本", {}), ("語", {"manner": FAST})]),
    ],
)  # fmt: skip
def test_a_state_holds_for_its_letters_alone(document: str, expected: list[object]) -> None:
    (sentence,) = sentences_of(document)
    assert runs(sentence) == expected


@pytest.mark.parametrize(
    ("document", "pauses", "tail"),
    [
        ("One. Two.", [None, None], None),
        ("One <break time='2s'/> two", [None, 2.0], None),
        ("<break/>One.<break/><break time='1s'/>Two <break time='300ms'/>", [0.5, 1.5], 0.3),
        ("<p>One</p><break time='1s'/><p>Two</p>", [None, 1.0], None),
        ("One. <break strength='none'/> two.", [None], None),
        ("One <break strength='weak'/> , <break time='1s'/> two", [None, 1.25], None),
    ],
)
def test_pauses_stand_before_the_next_sentence_or_at_the_end(
    document: str, pauses: list[float | None], tail: float | None
) -> None:
    stream = stream_of(document)
    assert [sentence.pause for sentence in stream.take()] == pauses
    assert stream.tail_pause == tail


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("<p>One</p><p>Two</p>", [False, True]),
        ("<p><s>One</s><s>Two</s></p>", [False, False]),
        ("One <break/> two", [False, False]),
        ("<p>One</p>Two", [False, True]),
        ("<voice name='a'>One</voice><voice name='b'>Two</voice>", [False, False]),
    ],
)
def test_a_paragraph_begins_where_an_element_does(document: str, expected: list[bool]) -> None:
    assert [sentence.begins_paragraph for sentence in sentences_of(document)] == expected


def test_a_voice_speaks_its_own_sentences() -> None:
    said = sentences_of("She: <voice name='amy ryan' gender='female'>Hello you</voice> and <voice name='x'>b</voice>")
    amy = VoiceChoice(names=("amy", "ryan"), gender="female")
    assert [(sentence.text, sentence.voice) for sentence in said] == [
        ("She:", None), ("Hello you", amy), ("and", None), ("b", VoiceChoice(names=("x",))),
    ]  # fmt: skip


def test_marks_have_their_places() -> None:
    stream = stream_of(
        "<mark name='a'/>One <mark name='b'/>two. <mark name='c'/> Three<mark name='d'/>.<mark name='e'/>"
    )
    assert [sentence.marks for sentence in stream.take()] == [((0, "a"), (4, "b")), ((0, "c"),)]
    assert stream.tail_marks == ((0.0, "d"), (0.0, "e"))


def test_words_are_located_in_the_document() -> None:
    document = "<speak><s>Say <sub alias='World'>W</sub> now.</s><s>Caf&#233;</s></speak>"
    stream = stream_of(document, keeps_places=True)
    first, second = (stream.locate(sentence) for sentence in stream.take())
    assert [document[place.start : place.end] for place in first.places[:3] if place] == ["S", "a", "y"]
    assert {document[place.start : place.end] for place in first.places[4:9] if place} == {"W"}
    assert [document[place.start : place.end] for place in second.places if place][-1] == "&#233;"
    assert stream.sent == first.text == document


def test_a_document_that_keeps_no_places_says_so() -> None:
    stream = stream_of("Hello")
    with pytest.raises(ValueError, match="keeps no places"):
        stream.locate(stream.take()[0])
    with pytest.raises(ValueError, match="keeps no places"):
        _ = stream.sent


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ("<speak>Good. Then <b></speak>", SsmlError),
        ("<speak>Good.</speak", SsmlError),
        (f"<speak>{'a ' * 1001}</speak>", TextTooLongError),
        (f"<speak>Good.{' ' * 8000}</speak>", SsmlError),
        ("<speak><break time='1s'/></speak>", InvalidRequestError),
    ],
)
def test_a_mistake_is_raised_before_the_first_sentence(document: str, error: type[SpeechError]) -> None:
    stream = stream_of(document)
    assert stream.is_ready
    with pytest.raises(error):
        stream.take()


def test_only_what_is_said_counts() -> None:
    stream = stream_of(f"<speak><mark name='{'a' * 1500}'/>Hello <break/> world</speak>")
    assert [sentence.text for sentence in stream.take()] == ["Hello,", "world"]
    assert stream.characters == len("Hello,world")


def test_a_sentence_is_there_when_its_element_ends() -> None:
    stream = TextStream(max_text_length=1000, patience_seconds=0)
    stream.read_as(SSML)
    stream.push("<speak><s>Hello</s>")
    assert [sentence.text for sentence in stream.take()] == ["Hello"]
    stream.push("<s>Bad <b></s>")
    with pytest.raises(SsmlError):
        stream.take()
    stream.push("more")
    stream.finish()
    with pytest.raises(SsmlError):
        stream.take()


PARTS = [
    "word", "two words", " ", ". ", "Dr. Smith", "$5", "é", "e\u0301", "日本。", "5 km", "<break/>", "<s>a b</s>",
    "<p>c.</p>", "<mark name='m'/>", "<prosody rate='fast'>fast one</prosody>", "<voice name='x'>V. W.</voice>",
    "<phoneme ph='kæt'>cat</phoneme>", "<say-as interpret-as='digits'>7</say-as>", "<sub alias='a b'>c</sub>", "&amp;",
    "<lang xml:lang='fr'>5 km</lang>", "<break strength='none'/>", "<emphasis>x</emphasis>", "- ", "1. ", '"', "(", ")",
    "<phoneme ph='a'/>", "<sub alias='x'/>",
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(parts=st.lists(st.sampled_from(PARTS), max_size=25), cuts=st.lists(st.integers(0, 400), max_size=8))
def test_however_a_document_is_cut_its_sentences_are_the_same(parts: list[str], cuts: list[int]) -> None:
    text = "<speak>Begin " + "".join(parts) + "</speak>"
    expected = stream_of(text, keeps_places=True)
    sentences = expected.take()
    places = [expected.locate(sentence).places for sentence in sentences]
    for pieces in (in_pieces(text, cuts), list(text)):
        stream = TextStream(max_text_length=1000, patience_seconds=0, reading=SSML, keeps_places=True)
        found = list[Sentence]()
        located = []
        for piece in pieces:
            stream.push(piece)
            if stream.is_ready:
                taken = stream.take()
                found += taken
                located += [stream.locate(sentence).places for sentence in taken]
        stream.finish()
        taken = stream.take()
        located += [stream.locate(sentence).places for sentence in taken]
        assert (*found, *taken) == sentences
        assert located == places
        assert (stream.tail_pause, stream.tail_marks) == (expected.tail_pause, expected.tail_marks)
    for sentence in sentences:
        assert not sentence.spans or "".join(span.spoken for span in sentence.spans) == sentence.text
        assert all(0 <= at < len(sentence.text) for at, _ in sentence.marks)


BARE = Reading("en_US", has_tags=True)


def flushed(text: str, cuts: set[int], reading: Reading) -> tuple[list[Sentence], list[Located], TextStream]:
    """The sentences of a text that is flushed at these places, and where each was found."""
    stream = TextStream(max_text_length=1000, patience_seconds=0, reading=reading, keeps_places=True)
    found, located = list[Sentence](), list[Located]()
    for at, character in enumerate([*text, ""]):
        stream.push(character)
        if at in cuts:
            stream.flush()
        if at == len(text):
            stream.finish()
        if stream.is_ready:
            taken = stream.take()
            located += map(stream.locate, taken)
            found += taken
    return found, located, stream


def letters_of(sentences: Iterable[Sentence]) -> list[str]:
    """The letters and figures without their accents, which a flush may cut off."""
    text = unicodedata.normalize("NFD", "".join(sentence.text for sentence in sentences))
    return [one for one in text if one.isalnum()]


@settings(max_examples=300, deadline=None)
@given(
    parts=st.lists(st.sampled_from(PARTS), max_size=20),
    cuts=st.sets(st.integers(0, 300), max_size=6),
    is_ssml=st.booleans(),
)
def test_a_flush_loses_and_moves_no_letter(parts: list[str], cuts: set[int], *, is_ssml: bool) -> None:
    if is_ssml:
        text, reading = f"<speak>Begin {''.join(parts)}</speak>", SSML
    else:
        # Other tags are HTML here, which a flush may tear apart as any markup.
        kept = [part for part in parts if part[0] not in "<&" or part.startswith(("<break", "<phoneme"))]
        text, reading = f"Begin {''.join(kept)}", BARE
    sentences, located, stream = flushed(text, cuts, reading)
    usual = stream_of(text, reading, keeps_places=True)
    assert letters_of(sentences) == letters_of(usual.take())
    starts = [place.start for one in located for place in one.places if place]
    assert starts == sorted(starts)
    assert stream.sent == text


@pytest.mark.parametrize(
    ("text", "reading", "came"),
    [
        ("<speak>Hello the", SSML, ["Hello the"]),
        ("Hi.", SSML, ["Hi."]),
        ("<spea", SSML, []),
        ("<speak>One <say-as interpret-as='digits'>12", SSML, ["One"]),
        ("<speak>One <mark nam", SSML, ["One"]),
        ("One <break time='1s'/> two", BARE, ["One,", "two"]),
        ("One <break ti", BARE, ["One"]),
        ("**One", BARE, ["One"]),
    ],
)
def test_a_flush_releases_what_came_but_no_tag_that_is_open(text: str, reading: Reading, came: list[str]) -> None:
    stream = TextStream(max_text_length=1000, patience_seconds=0, reading=reading)
    stream.push(text)
    stream.flush()
    assert ([sentence.text for sentence in stream.take()] if stream.is_ready else []) == came


def test_a_flush_at_the_end_of_a_sentence_changes_nothing() -> None:
    document = "<speak>One is here. <break time='1s'/>Two <emphasis>is</emphasis> there.</speak>"
    for reading in (SSML, BARE):
        text = document if reading is SSML else "One is here. <break time='1s'/>Two is there."
        cuts = {text.index("here.") + 5, text.index("there.") + 6}
        found, _, stream = flushed(text, cuts, reading)
        usual = stream_of(text, reading)
        assert tuple(found) == usual.take()
        assert stream.tail_pause == usual.tail_pause


@settings(max_examples=100, deadline=None)
@given(parts=st.lists(st.sampled_from(PARTS), max_size=25))
def test_what_is_verbalised_keeps_all_that_the_text_says(parts: list[str]) -> None:
    for sentence in sentences_of("<speak>Begin " + "".join(parts) + "</speak>"):
        spoken = verbalise(sentence, "en_US", [Lexicon([Pronunciation(word="word", phonemes="wɜːd")])])
        assert (spoken.voice, spoken.pause, spoken.begins_paragraph) == (
            sentence.voice, sentence.pause, sentence.begins_paragraph,
        )  # fmt: skip
        assert "".join(span.spoken for span in spoken.spans) in {spoken.text, ""}
        assert len(spoken.marks) == len(sentence.marks)
        kept = [(span.spoken, span.phonemes) for span in sentence.spans if span.phonemes or span.rule]
        assert [one for one in ((span.spoken, span.phonemes) for span in spoken.spans) if one in kept] == kept
        at = 0
        for span in spoken.spans:
            assert at <= span.start <= span.end <= len(sentence.text)
            at = span.end


def spoken_of(document: str, *, normalize: bool = True, lexicons: tuple[Lexicon, ...] = ()) -> Sentence:
    (sentence,) = sentences_of(document)
    return verbalise(sentence, "en_US", lexicons, normalize=normalize)


def test_a_rule_across_manners_is_spoken_in_that_of_its_beginning() -> None:
    spoken = spoken_of("It is <prosody rate='fast'>5</prosody> km <emphasis level='strong'>away</emphasis>")
    assert spoken.text == "It is 5 kilometers away"
    assert [(span.spoken, span.manner.rate) for span in spoken.spans] == [
        ("It is ", 1.0), ("5 kilometers", 1.25), (" ", 1.0), ("away", 0.85),
    ]  # fmt: skip


def test_no_rule_writes_into_what_the_text_pronounces() -> None:
    spoken = spoken_of("<phoneme ph='k'>5 km</phoneme>, <say-as interpret-as='digits'>57</say-as>, 5 km")
    assert spoken.text == "5 km, 5 7, 5 kilometers"
    assert runs(spoken)[0] == ("5 km", {"phonemes": "k"})
    assert ("5 7", {"rule": "say-as"}) in runs(spoken)


def test_a_lexicon_leaves_what_the_text_pronounces() -> None:
    lexicon = Lexicon([Pronunciation(word="cat", spoken="dog")])
    spoken = spoken_of("A <phoneme ph='kæt'>cat</phoneme> or cat", lexicons=(lexicon,))
    assert spoken.text == "A cat or dog"


def test_another_language_has_its_own_rules() -> None:
    spoken = spoken_of("She said <lang xml:lang='de'>5 km</lang> or 5 km")
    assert spoken.text == "She said 5 Kilometer or 5 kilometers"
    assert [(span.spoken, span.language) for span in spoken.spans if span.language] == [("5 Kilometer", "de")]


def test_without_normalization_the_runs_stay() -> None:
    (sentence,) = sentences_of("A <prosody rate='fast'>5 km</prosody>")
    spoken = verbalise(sentence, "en_US", normalize=False)
    assert (spoken.text, spoken.spans) == (sentence.text, sentence.spans)


def test_phonemes_are_written_as_the_voices_of_their_language_know_them() -> None:
    spoken = spoken_of("<phoneme ph='ri\u02d0d'>read</phoneme> <lang xml:lang='de'><phoneme ph='r'>R</phoneme></lang>")
    assert [span.phonemes for span in spoken.spans if span.phonemes] == ["ɹi\u02d0d", "r"]


@pytest.mark.parametrize(
    ("document", "marks"),
    [
        ("Pay $5 <mark name='m'/>now", [(len("Pay 5 dollars "), "m")]),
        ("Pay <mark name='m'/>now", [(4, "m")]),
        ("Pay $<mark name='m'/>5 now", [(4, "m")]),
        ("<mark name='m'/>Pay $5 <prosody rate='fast'>n<mark name='n'/>ow</prosody>",
         [(0, "m"), (len("Pay 5 dollars n"), "n")]),
    ],
)  # fmt: skip
def test_marks_move_with_what_is_spoken(document: str, marks: list[tuple[int, str]]) -> None:
    assert list(spoken_of(document).marks) == marks


def test_bare_tags_are_meant_where_the_reading_says_so() -> None:
    text = "**Hello** <break time='1s'/> <phoneme ph='kæt'>cat</phoneme>s & <b>dogs</b>.\n\nBye."
    first, second, third = sentences_of(text, Reading("en_US", has_tags=True))
    assert (first.text, second.text, third.text) == ("Hello,", "cats & dogs.", "Bye.")
    assert (second.pause, second.begins_paragraph, third.pause, third.begins_paragraph) == (1.0, False, None, True)
    assert runs(second)[0] == ("cat", {"phonemes": "kæt"})


def test_a_plain_sentence_asks_for_nothing() -> None:
    (sentence,) = split("Hello.")
    assert sentence == Sentence("Hello.")
    assert Span("a", 0, 1).manner == PLAIN


@pytest.mark.parametrize(
    "unit",
    [
        "Hello. ", "<s>a</s>", "<mark name='m'/>a. ", "<prosody rate='fast'>a</prosody> b, ",
        "<voice name='x'>a</voice>",
        "<phoneme ph='k'>a</phoneme>. ", "<p/>", "<break time='1ms'/>a",
    ],
)  # fmt: skip
@pytest.mark.parametrize("size", [7, 20_000])
def test_the_cost_is_linear(unit: str, size: int) -> None:
    def read(text: str) -> None:
        stream = TextStream(max_text_length=100_000, patience_seconds=0, reading=SSML)
        for start in range(0, len(text), size):
            stream.push(text[start : start + size])
        stream.finish()

    assert grows_slowly(read, unit)
