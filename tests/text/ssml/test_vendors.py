"""Documents as vendors' users write them: what is theirs alone is left out, and every word is said."""

import pytest

from tests.text.ssml.rendering import heard

DOCUMENTS = {
    "azure silence": (
        """<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xmlns:mstts="http://www.w3.org/2001/mstts"
           xml:lang="en-US"><voice name="en-US-AnyNeural"><mstts:silence type="Leading-exact" value="400ms"/>
           <mstts:silence type="Sentenceboundary" value="200ms"/>The train leaves at noon. Take a
           seat.</voice></speak>""",
        "[0.4]{language=en-US names=en-US-AnyNeural}The train leaves at noon. Take a seat.|",
    ),
    "azure paragraphs and bookmarks": (
        """<speak version="1.0" xml:lang="en-US"><voice name="Any"><p><s>We grow <bookmark mark="rose"/>roses and
           <bookmark mark="lily"/>lilies.</s><s>They are red</s></p><p>Others are white.</p></voice></speak>""",
        "{language=en-US names=Any}We grow [#rose]roses and [#lily]lilies.|They are red|Others are white.|",
    ),
    "azure styles": (
        """<speak xml:lang="en-US"><voice name="Any" effect="eq_car"><mstts:express-as style="sad" styledegree="2">
           <prosody rate="+20.00%" pitch="-2st">It rains.</prosody></mstts:express-as>
           <mstts:backgroundaudio src="http://127.0.0.1/a.wav"/><mstts:audioduration value="20s"/></voice></speak>""",
        "{rate=1.2 pitch=0.891 language=en-US names=Any}It rains.|",
    ),
    "google kitchen sink": (
        """<speak>Here is <say-as interpret-as="characters">SSML</say-as> with a pause <break time="3s"/>. It
           <audio src="https://127.0.0.1/a.mp3">did not load</audio>, a <say-as interpret-as="ordinal">10</say-as>
           place in
           <say-as interpret-as="digits">42</say-as>, and <sub alias="World Wide Web">WWW</sub>.
           <p><s>One sentence.</s><s>Another</s></p></speak>""",
        "Here is SSML with a pause[3].|It did not load, a 10 place in 42, and World Wide Web.|One sentence.|Another|",
    ),
    "google par and seq": (
        """<speak><par><media xml:id="q" begin="0.5s"><speak>Who came first?</speak></media><seq><media
           begin="q.end+2s">
           <speak>The <emphasis level="none">egg</emphasis></speak></media><media><audio src="https://127.0.0.1/a"/>
           </media></seq></par></speak>""",
        "Who came first?|The egg|",
    ),
    "google say-as": (
        """<speak><say-as interpret-as="date" format="yyyymmdd" detail="1">1960-09-10</say-as> or
           <say-as interpret-as="telephone" google:style="zero-as-zero">(1) 555 0132</say-as>,
           <say-as interpret-as="unit">10 foot</say-as></speak>""",
        "1960-09-10 or (1) 555 0132, 10 foot|",
    ),
    "google voice, lang and mark": (
        """<speak>She said <lang xml:lang="fr-FR">bonjour</lang> and <mark name="left"/>left.
           <voice language="de-DE" gender="female" ordering="gender language">Bis dann</voice>
           </speak>""",
        "She said {language=fr-FR}bonjour{} and [#left]left.|{language=de-DE languages=de-DE gender=female}Bis dann|",
    ),
    "polly": (
        """<speak>Now <amazon:effect name="whispered">a secret</amazon:effect>, <amazon:effect
           vocal-tract-length="+15%">a
           giant</amazon:effect><amazon:breath duration="medium"/> and <amazon:auto-breaths><prosody volume="x-loud"
           rate="90%">a shout</prosody></amazon:auto-breaths>.
           <amazon:domain name="news"><w role="amazon:VB">read</w> it</amazon:domain></speak>""",
        "Now a secret, a giant and {rate=0.9 volume=2}a shout{}. read it|",
    ),
    "alexa": (
        """<speak><amazon:emotion name="excited" intensity="high">Hurra!</amazon:emotion>
           <say-as interpret-as="interjection">Wow.</say-as><voice name="Kendra"><lang
           xml:lang="en-GB">Hello</lang></voice>
           <audio src="soundbank://soundlibrary/a"/></speak>""",
        "Hurra! Wow.|{language=en-GB names=Kendra}Hello|",
    ),
    "w3c descriptions and metadata": (
        """<?xml version="1.0" encoding="UTF-8"?><speak version="1.1" xmlns="http://www.w3.org/2001/10/synthesis"
           xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b" xml:lang="en-US"><meta
           http-equiv="Cache-Control"
           content="no-cache"/><metadata><rdf:RDF><dc:title>None</dc:title></rdf:RDF></metadata>
           <lexicon uri="http://127.0.0.1/l.pls" xml:id="names"/><lookup ref="names"><token>Anna</token> came</lookup>.
           <audio src="bell.wav"><desc>A bell</desc>Ring</audio></speak>""",
        "{language=en-US}Anna came. Ring|",
    ),
    "ibm": (
        """<speak><express-as type="Apology">I am sorry.</express-as><ibm:word>so</ibm:word>
           <voice-transformation type="Young">Bye</voice-transformation></speak>""",
        "I am sorry.so Bye|",
    ),
    "cereproc": (
        "<speak><usel variant='1'>This</usel> is <spurt audio='g0001_004'>cough</spurt> it</speak>",
        "This is cough it|",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_word_is_said(name: str) -> None:
    document, line = DOCUMENTS[name]
    assert heard(document) == line
