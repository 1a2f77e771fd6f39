"""German hard text is written as it is spoken."""

import pytest

from hailo_piper.text.normalise.verbaliser import verbalise
from hailo_piper.text.reading import Reading
from hailo_piper.text.sentence import Sentence
from hailo_piper.text.splitter import split
from tests.support.growth import grows_slowly
from tests.support.hard_figures import FIGURES

LANGUAGE = "de"
_SPOKEN = (
    # money
    ("1,5 Mio. € mit Garten", "1,5 Millionen Euro mit Garten"),
    ("2 Mrd. Euro", "2 Milliarden Euro"),
    ("Nur 1 € pro Stück", "Nur ein Euro pro Stück"),
    ("1.250.000 € im Lotto", "1250000 Euro im Lotto"),
    ("nur 0,99 €", "nur 99 Cent"),
    ("1.299,99 €/Monat", "1299 Euro 99 pro Monat"),
    ("3,05 Euro", "3 Euro 5"),
    ("5-10 € pro Person", "5 bis 10 Euro pro Person"),
    ("21,5 °C / 45 % und 1,08 US-$", "21,5 Grad Celsius / 45 Prozent und ein Dollar 8"),
    ("$20 oder £80", "20 Dollar oder 80 Pfund"),
    ("-5 €", "minus 5 Euro"),
    ("500k €", "500 Tausend Euro"),
    ("10 €-15 € pro Person", "10 bis 15 Euro pro Person"),
    # cardinal
    ("12 500 Leute", "12500 Leute"),
    ("Es sind -5 Grad", "Es sind minus 5 Grad"),
    ("20.3 Grad", "20,3 Grad"),
    # date
    ("Der 1. Mai", "Der erste Mai"),
    ("am 3. Oktober 1990", "am dritten Oktober 19 hundert 90"),
    ("vom 3. bis 5. Juni", "vom dritten bis fünften Juni"),
    ("am 24.12. frei", "am vierundzwanzigsten Zwölften frei"),
    ("am 24.12.2025", "am vierundzwanzigsten Zwölften 2025"),
    ("am 2025-07-01", "am ersten Juli 2025"),
    ("Mo.–Fr. geöffnet", "Montag bis Freitag geöffnet"),
    ("vom 01.05. bis 15.05.2024", "vom ersten Fünften bis fünfzehnten Fünften 2024"),
    ("kam am 24.12.", "kam am vierundzwanzigsten Zwölften."),
    ("Sa. und So. zu", "Samstag und Sonntag zu"),
    ("am Fr. um 8", "am Freitag um 8"),
    ("offen Mo., Mi. und Fr. ab 8", "offen Montag, Mittwoch und Freitag ab 8"),
    ("bis spätestens Mo. melden", "bis spätestens Montag melden"),
    ("Sa + So zu", "Samstag und Sonntag zu"),
    ("Mo-Do 8-16 Uhr, Fr 8-12 Uhr", "Montag bis Donnerstag 8 bis 16 Uhr, Freitag 8 bis 12 Uhr"),
    ("„Am 4. Juli“", "„Am vierten Juli“"),
    ("bis 15.06 zahlen", "bis fünfzehnten Sechsten zahlen"),
    ("Ende Nov. war es kalt", "Ende November war es kalt"),
    ("Jan.–März", "Januar bis März"),
    ("am 24./25. Dezember", "am vierundzwanzigsten und fünfundzwanzigsten Dezember"),
    ("vom 1.–15. August", "vom ersten bis fünfzehnten August"),
    ("am 01.01.05", "am ersten Ersten null 5"),
    # ordinal
    ("in der 2. Klasse", "in der zweiten Klasse"),
    ("ein 2. Versuch", "ein zweiter Versuch"),
    ("im 19. Jahrhundert", "im neunzehnten Jahrhundert"),
    ("mein 2. Auto", "mein zweites Auto"),
    ("Heute ist der 3.", "Heute ist der dritte."),
    ("sie wurde 2. im Rennen", "sie wurde zweite im Rennen"),
    ("er wurde 2. im Rennen", "er wurde zweiter im Rennen"),
    ("jeder 3. Deutsche", "jeder dritte Deutsche"),
    ("jedes 4. Kind", "jedes vierte Kind"),
    ("der Anfang dieses 3. Kapitels", "der Anfang dieses dritten Kapitels"),
    ("der Aufstieg der 2. Mannschaft", "der Aufstieg der zweiten Mannschaft"),
    ("der neue 3. Band", "der neue dritte Band"),
    ("in 2. Ehe", "in zweiter Ehe"),
    ("ein Ticket 2. Klasse", "ein Ticket zweiter Klasse"),
    ("Verbrennungen 2. Grades", "Verbrennungen zweiten Grades"),
    ("die 3. Klassen", "die dritten Klassen"),
    # time
    ("um 14:30 Uhr", "um 14 Uhr 30"),
    ("um 8:05 Uhr", "um 8 Uhr 5"),
    ("9–17 Uhr", "9 bis 17 Uhr"),
    ("10:00-14:00 Uhr", "10 Uhr bis 14 Uhr"),
    ("um 1 Uhr", "um ein Uhr"),
    ("18.30 Uhr", "18 Uhr 30"),
    ("21:19 Uhr", "21 Uhr 19"),
    ("1:30 h", "eine Stunde 30 Minuten"),
    ("3:45 min", "3 Minuten 45"),
    ("ab 18h geöffnet", "ab 18 Uhr geöffnet"),
    ("um 14.30 geht es los", "um 14 Uhr 30 geht es los"),
    ("um 14h30", "um 14 Uhr 30"),
    # unit
    ("90 min", "90 Minuten"),
    ("1,2 °C", "1,2 Grad Celsius"),
    ("-3 °C", "minus 3 Grad Celsius"),
    ("16 GB Speicher", "16 Gigabyte Speicher"),
    ("1 kg", "ein Kilogramm"),
    ("80 x 120 cm", "80 mal 120 Zentimeter"),
    ("100 km/h", "100 Kilometer pro Stunde"),
    ("50 %", "50 Prozent"),
    ("5-10 %", "5 bis 10 Prozent"),
    ("Das dauert 30 Min.", "Das dauert 30 Minuten."),
    ("eine 50%ige Lösung", "eine 50 prozentige Lösung"),
    ("3 Pers.", "3 Personen."),
    ('ein 27"-Monitor', "ein 27 Zoll-Monitor"),
    ("5 l/100 km", "5 Liter auf 100 Kilometer"),
    # abbreviation
    ("z. B. Äpfel", "zum Beispiel Äpfel"),
    ("z.B. Äpfel", "zum Beispiel Äpfel"),
    ("d. h. wir", "das heißt wir"),
    ("Papier usw.", "Papier und so weiter."),
    ("Nr. 5", "Nummer 5"),
    ("St. Pauli", "Sankt Pauli"),
    ("Prof. Dr. Meier", "Professor Doktor Meier"),
    ("Hauptstr. 5", "Hauptstraße 5"),
    ("Frau Schmidt, geb. Müller", "Frau Schmidt, geborene Müller"),
    ("Bestell-Nr. 5", "Bestell-Nummer 5"),
    ("Ihre Tel.-Nr. ist falsch", "Ihre Telefon-Nummer ist falsch"),
    ("Kundennr. 4711", "Kundennummer 4711"),
    ("pro Pers. im Schnitt", "pro Person im Schnitt"),
    ("eine Mio. Euro", "eine Million Euro"),
    ("gem. § 3", "gemäß Paragraf 3"),
    ("z. Hd. Frau Müller", "zu Händen Frau Müller"),
    ("rd. 50 Leute", "rund 50 Leute"),
    ("300 S. und Bilder", "300 Seiten und Bilder"),
    ("S. 12 f. im Anhang", "Seite 12 folgende im Anhang"),
    ("Frankfurt a. M. ist groß", "Frankfurt am Main ist groß"),
    ("Müller u. Söhne", "Müller und Söhne"),
    ("Johann v. Goethe", "Johann von Goethe"),
    ("44 v. Chr. in Rom", "44 vor Christus in Rom"),
    ("15 € pro Std.", "15 Euro pro Stunde."),
    # initialism
    ("Die EU und die USA", "Die E U und die U S A"),
    ("ein USB-Stick", "ein U S B-Stick"),
    ("zwei LEDs", "zwei L E Ds"),
    # cardinal
    ("ein 3er-Pack", "ein dreier-Pack"),
    ("3x täglich", "3 mal täglich"),
    # symbol
    ("§ 5 Abs. 2", "Paragraf 5 Absatz 2"),
    ("Müller & Söhne", "Müller und Söhne"),
    ("und/oder", "und oder"),
    # roman
    ("Ludwig XIV. war König", "Ludwig der Vierzehnte war König"),
    ("unter Papst Johannes Paul II. lange", "unter Papst Johannes Paul dem Zweiten lange"),
    ("Elisabeth II. war Königin", "Elisabeth die Zweite war Königin"),
    ("Kapitel III", "Kapitel 3"),
    ("Bd. III, Kap. IV", "Band 3, Kapitel 4"),
    ("Das war Ludwig XIV.", "Das war Ludwig der Vierzehnte."),
    # math
    ("4 × 3 Meter", "4 mal 3 Meter"),
    ("5 - 3 = 2", "5 minus 3 gleich 2"),
    # fraction
    ("3/4 der Leute", "3 Viertel der Leute"),
    ("½ Tasse Milch", "eine halbe Tasse Milch"),
    ("2 1/2 Stunden", "2 einhalb Stunden"),
    ("1/3 l Milch", "ein Drittel Liter Milch"),
    ("1/2 l Milch", "einen halben Liter Milch"),
    ("eine 2/3-Mehrheit", "eine 2 Drittel-Mehrheit"),
    # score
    ("3:2 gewonnen", "3 zu 2 gewonnen"),
    ("siegte mit 21:19", "siegte mit 21 zu 19"),
    ("im Verhältnis 1:10", "im Verhältnis 1 zu 10"),
    ("im Maßstab 1:25.000", "im Maßstab 1 zu 25000"),
    ("gewann 24:22 gegen Kiel", "gewann 24 zu 22 gegen Kiel"),
    # range
    ("Seiten 5-10", "Seiten 5 bis 10"),
    # phone
    ("030 901820", "0 3 0, 9 0 1 8 2 0"),
    ("+49 30 901820", "+ 4 9, 3 0, 9 0 1 8 2 0"),
    ("0049 171 234567", "0 0 4 9, 1 7 1, 2 3 4 5 6 7"),
    # year
    ("starb 1832 in Weimar", "starb 18 hundert 32 in Weimar"),
    ("die 1968er Bewegung", "die 19 hundert 68er Bewegung"),
    ("1920x1080 groß", "1920 mal 1080 groß"),
    ("die 80er Jahre", "die achtziger Jahre"),
    ("1939–45 war Krieg", "19 hundert 39 bis 45 war Krieg"),
    ("im Revolutionsjahr 1848/49", "im Revolutionsjahr 18 hundert 48 49"),
    # url
    ("www.beispiel.de", "beispiel Punkt D E"),
)
_UNCHANGED = (
    "Der alte Mann ging langsam die Straße hinunter und dachte an früher.",
    "»Kommst du mit?«, fragte sie leise.",
    "Er hatte drei Kinder und ein Haus am See.",
    "Das Wetter war schön, aber kalt.",
    "Im Winter fahren wir oft in die Berge.",
    "Sie sah ihn an - und schwieg.",
    "Das mag.",
    "Max. ging nach Hause.",
    "Wir haben 5 Äpfel und 12 Birnen gekauft.",
    "Um 10 ging er.",
    "Die A 7 ist gesperrt, auch die B 51.",
    "Das iPhone 15 kostet viel.",
    "Die BMW fuhr vor, das ZDF kam.",
    "Er wohnt im Zimmer 1203 und hat die PIN 1234.",
    "Die Boeing 747 und der Airbus A380 sind groß.",
    "In 1080p sieht das Video gut aus.",
    "Sie trug ein T-Shirt der Größe XL.",
    "I. Müller und V. Schmidt kamen.",
    "Ich esse Vitamin C und höre CD.",
    "C-Dur und a-Moll sind Tonarten.",
    "Er sagte: „Ja, natürlich!“",
    "Sie lief und lief und lief, bis sie müde war.",
    "Das ist - wie gesagt - nicht neu.",
    "Windows 10 und Version 3.5 sind alt.",
    "Das Spiel begann gut.",
    "Die Min-Max-Regel gilt.",
    "Mo sagte, Di sei krank.",
    "So, wir gehen. So ist das. So bis bald.",
    "Fr. war schön.",
    "Ab 18 Jahren.",
    "Die x-Achse und die y-Achse.",
    "Wir sind 2 und ihr seid 3.",
    "Apollo 11 landete auf dem Mond.",
    "Die Nummer 110 hilft.",
    "Am Ende des Tages war alles gut.",
    "Im Jahr 2020 war das so, 2024 auch.",
    "Da waren 4 Mal 5 Leute.",
    "Ruf die 112.",
    "Er stieg um 2 und fiel um 3.",
    "Nach 9/11 war alles anders.",
    "Der 24/7-Service hilft.",
    '"Ich bin 55", sagte er.',
)
_ONE_SENTENCE = (
    "Das Haus kostet 1,5 Mio. € mit Garten.",
    "Am 3. Oktober 1990 wurde gefeiert.",
    "Es gilt § 5 Abs. 2 des Gesetzes.",
    "Die Kosten inkl. Steuer sind hoch.",
    "Es waren rd. 50 Leute da.",
    "Das kostet 10 Euro p. P. im Hotel.",
    "Die Bestell-Nr. 12 fehlt.",
)


@pytest.mark.parametrize(("text", "spoken"), _SPOKEN)
def test_hard_text_is_written_as_it_is_spoken(text: str, spoken: str) -> None:
    assert verbalise(Sentence(text), LANGUAGE).text == spoken


@pytest.mark.parametrize("text", _UNCHANGED)
def test_ordinary_prose_stays_as_it_is(text: str) -> None:
    assert verbalise(Sentence(text), LANGUAGE) == Sentence(text)


@pytest.mark.parametrize("text", _ONE_SENTENCE)
def test_an_abbreviation_does_not_end_a_sentence(text: str) -> None:
    assert split(text, Reading(LANGUAGE)) == (Sentence(text),)


@pytest.mark.parametrize("pattern", FIGURES)
def test_time_grows_slowly_with_length(pattern: str) -> None:
    assert grows_slowly(lambda text: verbalise(Sentence(text), LANGUAGE), pattern)
