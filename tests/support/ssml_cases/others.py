"""Silent elements, those of vendors, and documents that are refused."""

from tests.support.ssml_cases.case import Case, cases
from tests.support.ssml_judges import Refused, sounds

_TOM = sounds("Tom and Anna sat down.")

SILENT = cases(
    "`meta`, `metadata`, `desc`",
    ("<meta name='seeAlso' content='http://127.0.0.1/'/>Tom and Anna sat down.", _TOM),
    (
        "<metadata><rdf:RDF><rdf:Description>Not this.</rdf:Description></rdf:RDF></metadata>Tom and Anna sat down.",
        _TOM,
    ),
    ("Tom <desc>not this</desc> and Anna sat down.", _TOM),
    ("Tom <desc>not <break time='3s'/> this</desc> and Anna sat down.", _TOM),
)
AUDIO = cases(
    "`audio`",
    ("<audio src='http://127.0.0.1:9/bell.wav'/>Tom and Anna sat down.", _TOM, "sounds: nothing is fetched"),
    ("Tom <audio src='bell.wav'>and <desc>a bell</desc></audio> Anna sat down.", _TOM),
    ("Tom <audio src='bell.wav' clipBegin='1s' repeatCount='3' soundLevel='+6dB'>and</audio> Anna sat down.", _TOM),
    ("Tom <audio>and <emphasis level='none'>Anna</emphasis></audio> sat down.", _TOM),
)
LEXICONS = cases(
    "`lexicon`, `lookup`",
    (
        "<lexicon uri='http://127.0.0.1:9/l.pls' xml:id='l'/>Tom and Anna sat down.",
        _TOM,
        "`lexicon`: nothing is fetched",
    ),
    ("<lexicon uri='l.pls' xml:id='l'/><lookup ref='l'>Tom and Anna</lookup> sat down.", _TOM),
    ("<lookup ref='nowhere'>Tom and Anna</lookup> sat down.", _TOM),
)
_QUIETLY = "effects and styles"
VENDORS = cases(
    "vendors' elements",
    ("<amazon:effect name='whispered'>Tom and Anna</amazon:effect> sat down.", _TOM, _QUIETLY),
    ("<amazon:effect vocal-tract-length='+15%'>Tom and Anna</amazon:effect> sat down.", _TOM, _QUIETLY),
    ("<amazon:auto-breaths>Tom and <amazon:breath/>Anna</amazon:auto-breaths> sat down.", _TOM, _QUIETLY),
    ("<amazon:domain name='news'>Tom and Anna sat down.</amazon:domain>", _TOM, _QUIETLY),
    ("<amazon:emotion name='excited' intensity='high'>Tom and Anna sat down.</amazon:emotion>", _TOM, _QUIETLY),
    ("<mstts:express-as style='sad' styledegree='2'>Tom and Anna sat down.</mstts:express-as>", _TOM, _QUIETLY),
    ("<mstts:backgroundaudio src='http://127.0.0.1:9/a.wav' volume='0.7'/>Tom and Anna sat down.", _TOM, _QUIETLY),
    ("<mstts:silence type='Leading' value='400ms'/>Tom and Anna sat down.", sounds(0.4, "Tom and Anna sat down.")),
    ("<mstts:silence type='Leading-exact' value='1s'/>Tom and Anna sat down.", sounds(1.0, "Tom and Anna sat down.")),
    ("<mstts:silence type='Tailing' value='400ms'/>Tom and Anna sat down.", _TOM, "other types of `mstts:silence`"),
    ("<mstts:audioduration value='20s'/>Tom and Anna sat down.", _TOM, "`mstts:audioduration`"),
    ("<google:style name='lively'>Tom and Anna sat down.</google:style>", _TOM, _QUIETLY),
    ("<par><media xml:id='a' begin='2s'><speak>Tom and Anna sat down.</speak></media></par>", _TOM,
     "`par`, `seq`, `media`: one after the other"),
    ("<seq><media><speak>Tom and Anna sat down.</speak></media><media><audio src='a.wav'/></media></seq>", _TOM),
    ("<alexa:name type='first' personId='x'/>Tom and Anna sat down.", _TOM),
    ("<express-as type='Apology'>Tom and Anna sat down.</express-as>", _TOM, _QUIETLY),
    ("<ibm:word>Tom</ibm:word> and <x:y z:a='b'>Anna</x:y> sat down.", _TOM),
    ("<nobody knows='this'>Tom and <one>Anna</one></nobody> sat down.", _TOM),
    ("Tom and Anna <marquee><b>sat</b></marquee> down.", _TOM),
)  # fmt: skip
_REFUSALS = (
    ("<speak>AT&T sat down.</speak>", "write &amp;"),
    ("<speak>Tom & Anna sat down.</speak>", "write &amp;"),
    ("<speak>5 < 6</speak>", "write &lt;"),
    ("<speak>Tom&nbsp;sat down.</speak>", "write &#160;"),
    ("<speak><p>Tom sat down.</speak>", "<p> is still open"),
    ("<speak>Tom sat down.", "<speak> is still open"),
    ("<speak>Tom</speak> sat down.", "junk"),
    ("<!DOCTYPE speak><speak>Tom sat down.</speak>", "document type"),
    ("<!DOCTYPE speak [<!ENTITY a 'b'>]><speak>&a;</speak>", "document type"),
    ("<!DOCTYPE speak SYSTEM 'http://127.0.0.1:9/x.dtd'><speak>Tom</speak>", "document type"),
    ("<speak>Tom <break time='61s'/> sat down.</speak>", "at most 60 s"),
    ("<speak>Tom" + "<break time='60s'/>" * 11 + " sat down.</speak>", "600 s together"),
    ("<speak>" + "<p>" * 33 + "Tom" + "</p>" * 33 + "</speak>", "32 deep"),
    ("<speak><break time='1s'/></speak>", "at least one letter or digit"),
    ("<speak/>", "at least one letter or digit"),
    ("<speak><desc>Tom</desc></speak>", "at least one letter or digit"),
)
REFUSED = [Case("mistakes and bounds", document, Refused(why)) for document, why in _REFUSALS]
