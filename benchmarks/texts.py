"""The texts that every server speaks: fixed, so that two runs months apart measure the same work."""

import random

SHORT = {
    "12": "Hello world.",
    "50": "The kettle is on, and the tea will be served soon.",
    "130": (
        "The quick brown fox jumps over the lazy dog while the rain keeps falling gently on the quiet village beyond "
        "the hills and far away."
    ),
    "400": (
        "When the last train had left the station, and the lamps along the platform were going out one after another, "
        "the old clockmaker picked up his heavy bag, looked once more at the timetable, which nobody had changed since "
        "the spring, and walked down the long road towards the harbour, where, as his sister had written, a small "
        "house with green shutters stood empty, waiting for somebody to light a fire."
    ),
    "para": (
        "Raspberry Pi is a small computer that fits in the palm of your hand. It runs many things at home, day and "
        "night. People use it for music, for lights, and for speech. This service reads text aloud, without any cloud, "
        "and it answers in a fraction of a second."
    ),
}
"""By name: how many characters, or nearly so. 12 to 400 are one sentence each, para is four."""

_ARTICLE_CHARACTERS = 5000
"""The longest text that the service accepts by default."""

_SENTENCES = (
    "The town wakes before the sun does.",
    "Bakers come first; then the buses, half empty, with their windows still wet from the night.",
    "Who would have thought that a bridge could change so much?",
    'The engineer said: "We measured everything twice, and then we measured it again."',
    "It cost 3.5 million, took 14 months, and opened on the second of May.",
    "Not everybody was pleased!",
    "Some (mostly those who owned the ferries) fought the plan until the very last meeting.",
    "Others, and there were many of them, had waited for it since they were children.",
    "Rain fell, as it does here, for most of the spring.",
    "The river rose by two metres, and for nine days nobody could work on the northern pier.",
    "Still, the concrete was poured in June.",
    "Steel came by ship, by train, and finally by a row of forty trucks that filled the main street.",
    "A school class counted them from the window; the teacher gave up on arithmetic for that morning.",
    "What happens next is less certain.",
    "Traffic is expected to double within ten years, although forecasts of that kind are rarely right.",
    "The old landing stage will become a market, a museum, or a car park: the council has yet to decide.",
    "For now, people simply walk across.",
    "They stop in the middle, lean on the railing, look at the water, and talk to strangers.",
    "Is that not what a bridge is for?",
    "On clear evenings you can see as far as the islands, where the lighthouse turns slowly in the dusk.",
    "Nobody has lived there since 1974.",
    "The keeper's daughter, now eighty-one, came to the opening, cut the ribbon, and asked for a cup of tea.",
    "She got one, of course.",
    "Later, when the speeches were over, the band played until the lamps came on.",
)


def article() -> str:
    """Prose of nearly 5000 characters, in paragraphs, with the punctuation that prose has; always the same."""
    order = random.Random(22050)
    paragraphs = [""]
    sentences: list[str] = []
    while True:
        sentences = sentences or order.sample(_SENTENCES, len(_SENTENCES))
        text = "\n\n".join(paragraphs)
        sentence = sentences.pop()
        if len(text) + len(sentence) + 2 > _ARTICLE_CHARACTERS:
            return text
        if paragraphs[-1].count(" ") > order.randint(60, 100):
            paragraphs.append(sentence)
        else:
            paragraphs[-1] = f"{paragraphs[-1]} {sentence}".lstrip()


def without_stops(characters: int) -> str:
    """Words and nothing else: to Piper, one sentence, whose memory grows with the square of its length."""
    words = "the quick brown fox jumps over the lazy dog and runs far away "
    return (words * (characters // len(words) + 1))[:characters].strip()
