"""Elements that say something else than what is written, judged by the samples of the plain text that they mean."""

from tests.support.ssml_cases.case import cases
from tests.support.ssml_judges import Judge, Marked, Reads, Written, pronounced, sounds


def _as(kind: str, text: str, said: str, form: str = "") -> tuple[str, Judge]:
    written = f" format='{form}'" if form else ""
    return f"It is <say-as interpret-as='{kind}'{written}>{text}</say-as> now.", Reads(f"It is {said} now.")


SAY_AS = cases(
    "`say-as`",
    _as("characters", "SSML", "S S M L"),
    _as("spell-out", "SSML", "S S M L"),
    _as("verbatim", "xyz", "x y z"),
    _as("cardinal", "12345", "twelve thousand three hundred forty-five"),
    _as("number", "25", "twenty-five"),
    _as("cardinal", "-3", "minus three"),
    _as("ordinal", "3", "third"),
    _as("ordinal", "21", "twenty-first"),
    _as("digits", "427", "four two seven"),
    _as("fraction", "2/9", "two ninths"),
    _as("fraction", "3+1/2", "three and a half"),
    _as("unit", "10 ft", "ten feet"),
    _as("unit", "5 km", "five kilometers"),
    _as("date", "1960-09-10", "September tenth, nineteen sixty", "yyyymmdd"),
    _as("date", "10/9/1960", "September tenth, nineteen sixty", "dmy"),
    _as("date", "9/10", "September tenth", "md"),
    _as("date", "9/1960", "September nineteen sixty", "my"),
    _as("time", "2:30pm", "two thirty P M", "hms12"),
    _as("time", "1'21\"", "one minute and twenty-one seconds"),
    _as("telephone", "555-0132", "five five five, zero one three two"),
    _as("currency", "$42.01", "forty-two dollars and one cent"),
    _as("expletive", "damn", "beep"),
    ("It is <say-as interpret-as='digits'>42</say-as> now.", sounds("It is 4 2 now.")),
    ("It is <say-as interpret-as='expletive'>damn</say-as> now.", sounds("It is beep now.")),
    ("It is <say-as interpret-as='ordinal'>3</say-as> now.", sounds("It is third now.")),
    ("It is <say-as interpret-as='interjection'>wow</say-as> now.", sounds("It is wow now."), "`interjection`"),
    ("It is <say-as interpret-as='nobody-knows'>25</say-as> now.", sounds("It is 25 now."), "other kinds"),
    ("It is <say-as interpret-as='date'>soon</say-as> now.", sounds("It is soon now.")),
    ("It is <say-as>25</say-as> now.", sounds("It is 25 now.")),
    ("It is <say-as interpret-as='digits'>42</say-as> now.",
     Written(("It", "is", "4", "2", "now"))),
)  # fmt: skip
SUB = cases(
    "`sub`",
    ("The <sub alias='World Wide Web'>WWW</sub> is here.", sounds("The World Wide Web is here.")),
    ("The <sub alias=' World\n Wide  Web '>WWW</sub> is here.", sounds("The World Wide Web is here.")),
    ("The <sub alias='Tom &amp; Jerry'>T&amp;J</sub> is here.", sounds("The Tom & Jerry is here.")),
    ("It is 5<sub alias='kilometers'>km</sub> away.", sounds("It is 5 kilometers away.")),
    ("The <sub>web</sub> is here.", sounds("The web is here.")),
    ("The <sub alias=''>web</sub> is here.", sounds("The is here.")),
    ("The <sub alias='web'>net <emphasis>net</emphasis></sub> is here.", sounds("The web is here.")),
    ("The <sub alias='web'/> is here.", sounds("The web is here.")),
    ("The <sub alias='World Wide Web'>WWW</sub> is here.", Written(("The", "WWW", "is", "here"))),
)
_RED = sounds("They red it.")
PHONEMES = cases(
    "`phoneme`",
    ("They <phoneme alphabet='ipa' ph='ɹˈɛd'>read</phoneme> it.", _RED),
    ("They <phoneme ph='ɹˈɛd'>read</phoneme> it.", _RED),
    ("They <phoneme alphabet='ipa' ph='rˈɛd'>read</phoneme> it.", _RED),
    ("They <phoneme alphabet='x-sampa' ph='r\\&quot;Ed'>read</phoneme> it.", _RED),
    ("They <phoneme alphabet='x-sampa' ph='&quot;r\\Ed'>read</phoneme> it.", pronounced("They read it.", read="ˈɹɛd")),
    ("They <phoneme alphabet='cmu-arpabet' ph='R EH1 D'>read</phoneme> it.", _RED),
    ("They <phoneme alphabet='x-arpabet' ph='R EH1 D'>read</phoneme> it.", sounds("They read it."), "`x-arpabet`"),
    ("They <phoneme alphabet='ipa' ph='ɹˈɛd'/> it.", _RED),
    ("They <phoneme alphabet='ipa' ph='təmˈeɪɾoʊ'>read</phoneme> it.", pronounced("They read it.", read="təmˈeɪɾoʊ")),
    ("They <phoneme alphabet='ipa' ph='ɹˈɛd'>5 km</phoneme> it.", _RED),
    ("They <phoneme alphabet='klingon' ph='Q'>read</phoneme> it.", sounds("They read it."), "other alphabets"),
    ("They <phoneme alphabet='x-microsoft-sapi' ph='r eh d'>read</phoneme> it.", sounds("They read it."),
     "`x-microsoft-sapi`"),
    ("They <phoneme alphabet='cmu-arpabet' ph='Q9'>read</phoneme> it.", sounds("They read it.")),
    ("They <phoneme alphabet='ipa'>read</phoneme> it.", sounds("They read it.")),
    ("They <phoneme alphabet='ipa' ph=''>read</phoneme> it.", sounds("They read it.")),
    ("They <phoneme ph='ɹˈɛd'>read</phoneme> it.", Written(("They", "read", "it"))),
)  # fmt: skip
WORDS = cases(
    "`w`, `token`",
    ("<w>Tom</w> <w>sat</w> <w>down</w>.", sounds("Tom sat down.")),
    ("<token>Tom</token><token>sat</token><token>down</token>.", sounds("Tom sat down.")),
    ("They <w role='amazon:VBD'>read</w> it.", sounds("They read it."), "`role`"),
    ("(<w>Tom</w>) sat down.", sounds("(Tom) sat down.")),
)
_TOM = "Tom and Anna sat down."
MARKS = cases(
    "`mark`, `bookmark`",
    (f"<mark name='a'/>{_TOM}", Marked(_TOM, (("a", "Tom"),))),
    ("Tom and <mark name='a'/>Anna sat down.", Marked(_TOM, (("a", "Anna"),))),
    ("Tom and<mark name='a'/> Anna sat down.", Marked(_TOM, (("a", "Anna"),))),
    ("Tom <mark name='a'/>and <mark name='b'/>Anna sat down.<mark name='c'/>",
     Marked(_TOM, (("a", "and"), ("b", "Anna"), ("c", "")))),
    ("Tom and <bookmark mark='a'/>Anna sat down.", Marked(_TOM, (("a", "Anna"),))),
    ("Tom and <mark/>Anna sat down.", Marked(_TOM, ())),
    ("Tom and <mark name='a'/><mark name='a'/>Anna sat down.", Marked(_TOM, (("a", "Anna"), ("a", "Anna")))),
    ("Tom and <prosody rate='medium'><mark name='a'/>Anna</prosody> sat down.", Marked(_TOM, (("a", "Anna"),))),
)  # fmt: skip
