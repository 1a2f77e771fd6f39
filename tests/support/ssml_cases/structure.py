"""Text, sentences, paragraphs and pauses, judged by the samples of plain texts and exact silence between them."""

from tests.support.hearing import PARAGRAPH_SILENCE as BETWEEN_PARAGRAPHS
from tests.support.hearing import SENTENCE_SILENCE as BETWEEN_SENTENCES
from tests.support.ssml_cases.case import cases
from tests.support.ssml_judges import Plain, sounds

_HELLO = sounds("Hello there.")
_TOM = sounds("Tom and Anna sat down.")
_NAMESPACE = "http://www.w3.org/2001/10/synthesis"
_TWO = sounds("Hello there.", BETWEEN_SENTENCES, "How are you?")
_TWO_PARAGRAPHS = sounds("Hello there.", BETWEEN_PARAGRAPHS, "How are you?")

DOCUMENT = cases(
    "the document",
    ("<speak>Hello there.</speak>", _HELLO),
    ("Hello there.", _HELLO),
    ("Hello <emphasis level='none'>there</emphasis>.", _HELLO),
    (f"<?xml version='1.0' encoding='UTF-8'?>\n<speak version='1.1' xmlns='{_NAMESPACE}'>Hello there.</speak>", _HELLO),
    ("<?xml version='1.0' encoding='ISO-8859-1'?><speak version='1.0' xml:lang='en-US'>Hello there.</speak>", _HELLO),
    ("\ufeff<speak>Hello there.</speak>", _HELLO),
    ("<speak xml:base='http://127.0.0.1/'>Hello there.</speak>", _HELLO),
    ("<speak startmark='a' endmark='b'>Hello there.</speak>", _HELLO, "`startmark`, `endmark`"),
    ("<speak onlangfailure='processorchoice'>Hello there.</speak>", _HELLO, "`onlangfailure`"),
    (f"<ssml:speak xmlns:ssml='{_NAMESPACE}'>Hello there.</ssml:speak>", _HELLO),
    ("<speak xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='a b'>Hello there.</speak>",
     _HELLO),
    ("<speak>Hello there. <speak>How are you?</speak></speak>", _TWO),
)  # fmt: skip
TEXT = cases(
    "text",
    ("<speak>\n  Tom\tand\r\n   Anna\n\n sat down.\n</speak>", _TOM),
    ("<speak>Tom &#97;nd &#x41;nna sat down.</speak>", _TOM),
    ("<speak>Tom &amp; Anna sat down.</speak>", sounds("Tom & Anna sat down.")),
    ("<speak>Is 3 &lt; 4 &gt; 2?</speak>", sounds("Is 3 < 4 > 2?")),
    ("<speak>&quot;Tom and Anna&quot; don&apos;t sit.</speak>", sounds('"Tom and Anna" don\'t sit.')),
    ("<speak>Tom <!-- and <b>not</b> --> and Anna sat down.</speak>", _TOM),
    ("<speak>Tom and An<!-- -->na sat down.</speak>", _TOM),
    ("<speak>Tom <?say nothing?>and Anna sat down.</speak>", _TOM),
    ("<speak>Tom and <![CDATA[Anna]]> sat down.</speak>", _TOM),
    ("<speak><![CDATA[Tom & Anna sat down.]]></speak>", sounds("Tom & Anna sat down.")),
    ("<speak>A caf&#233; costs $5.</speak>", sounds("A café costs $5.")),
    ("<speak>Dr. Smith came at 5 km/h.</speak>", sounds("Dr. Smith came at 5 km/h.")),
    ("<speak>*Tom* and Anna sat down.</speak>", sounds(Plain("*Tom* and Anna sat down.", {"markup": "none"}))),
)
SENTENCES = cases(
    "`s`",
    ("<s>Hello there.</s><s>How are you?</s>", _TWO),
    ("<s>Hello there</s> <s>How are you</s>", sounds("Hello there", BETWEEN_SENTENCES, "How are you")),
    ("Hello there <s>how are you?</s>", sounds("Hello there", BETWEEN_SENTENCES, "how are you?")),
    ("<s>He is a Dr.</s><s>Smith came.</s>", sounds("He is a Dr.", BETWEEN_SENTENCES, "Smith came.")),
    ("<s>Hello there.</s><s/><s> </s><s>How are you?</s>", _TWO),
    ("<s>Hello there. How are you?</s>", _TWO),
    ("<s xml:lang='en-US'>Hello there.</s>", _HELLO),
)
PARAGRAPHS = cases(
    "`p`",
    ("<p>Hello there.</p><p>How are you?</p>", _TWO_PARAGRAPHS),
    ("<p>Hello there.</p>How are you?", _TWO_PARAGRAPHS),
    ("Hello there.<p>How are you?</p>", _TWO_PARAGRAPHS),
    ("<p>Hello there. How are you?</p>", _TWO),
    ("<p><s>Hello there.</s><s>How are you?</s></p>", _TWO),
    ("<p><s>Hello there.</s></p><p><s>How are you?</s></p>", _TWO_PARAGRAPHS),
    ("<p>Hello there</p><p>How are you</p>", sounds("Hello there", BETWEEN_PARAGRAPHS, "How are you")),
    ("<p>Hello there.\n\nHow are you?</p>", _TWO),
)
_CUT = ("Hello there,", 0.5, "how are you?")
BREAKS = cases(
    "`break`",
    ("Hello there <break/> how are you?", sounds(*_CUT)),
    ("Hello there <break></break> how are you?", sounds(*_CUT)),
    ("Hello there <break strength='none'/> how are you?", sounds("Hello there how are you?")),
    ("Hello there <break strength='x-weak'/> how are you?", sounds("Hello there how are you?")),
    ("Hello there <break strength='weak'/> how are you?", sounds("Hello there,", 0.25, "how are you?")),
    ("Hello there <break strength='medium'/> how are you?", sounds(*_CUT)),
    ("Hello there <break strength='strong'/> how are you?", sounds("Hello there,", 1.0, "how are you?")),
    ("Hello there <break strength='x-strong'/> how are you?", sounds("Hello there,", 1.5, "how are you?")),
    ("Hello there <break time='5ms'/> how are you?", sounds("Hello there,", 0.005, "how are you?")),
    ("Hello there <break time='333ms'/> how are you?", sounds("Hello there,", 0.333, "how are you?")),
    ("Hello there <break time='1.25s'/> how are you?", sounds("Hello there,", 1.25, "how are you?")),
    ("Hello there <break time='+0.7s'/> how are you?", sounds("Hello there,", 0.7, "how are you?")),
    ("Hello there <break time='12s'/> how are you?", sounds("Hello there,", 12.0, "how are you?")),
    ("Hello there <break time='700ms' strength='weak'/> how are you?", sounds("Hello there,", 0.7, "how are you?")),
    ("Hello there <break time='soon'/> how are you?", sounds(*_CUT)),
    ("Hello there <break time='-1s'/> how are you?", sounds(*_CUT)),
    ("Hello there <break time='2'/> how are you?", sounds(*_CUT)),
    ("Hello there <break strength='huge'/> how are you?", sounds(*_CUT)),
    ("Hello there. <break time='700ms'/> How are you?", sounds("Hello there.", 0.7, "How are you?")),
    ("Hello there.<break time='100ms'/>How are you?", sounds("Hello there.", 0.1, "How are you?")),
    ("<p>Hello there.</p><break time='1s'/><p>How are you?</p>", sounds("Hello there.", 1.0, "How are you?")),
    ("<p>Hello there.<break time='1s'/></p><p>How are you?</p>", sounds("Hello there.", 1.0, "How are you?")),
    ("Hello there <break time='300ms'/><break time='400ms'/> how are you?",
     sounds("Hello there,", 0.7, "how are you?")),
    ("<break time='300ms'/>Hello there.", sounds(0.3, "Hello there.")),
    ("Hello there.<break time='450ms'/>", sounds("Hello there.", 0.45)),
    ("<break/><break/>Hello there.<break/><break time='1s'/>", sounds(1.0, "Hello there.", 1.5)),
    ("<p><break time='300ms'/>Hello there.</p>", sounds(0.3, "Hello there.")),
    ("Hello there. <break strength='none'/> How are you?", sounds("Hello there How are you?")),
    ("Hello, <break strength='none'/> there.", sounds("Hello there.")),
    ("Hello, <break time='0s'/> there.", sounds("Hello there.")),
    ("Hello there, <break time='200ms'/> how are you?", sounds("Hello there,", 0.2, "how are you?")),
    ("One <break time='200ms'/> two <break time='300ms'/> three.", sounds("One,", 0.2, "two,", 0.3, "three.")),
)  # fmt: skip
