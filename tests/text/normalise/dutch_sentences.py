"""Dutch sentences, and how they are spoken."""

from tests.support.hard_figures import FIGURES

LANGUAGE = "nl"
SPOKEN = (
    # money
    ("€ 500", "500 euro"),
    ("€ 3,50", "3 euro 50"),
    ("€ 3,-", "3 euro"),
    ("€ 0,99", "99 cent"),
    ("€ 1.250.000", "1250000 euro"),
    ("€ 2,5 mln", "2,5 miljoen euro"),
    ("3 mld euro", "3 miljard euro"),
    ("5-10 euro", "5 tot 10 euro"),
    ("€ 12/maand", "12 euro per maand"),
    # cardinal
    ("1.234.567 inwoners", "1234567 inwoners"),
    ("Het is -5 graden", "Het is min 5 graden"),
    # ordinal
    ("1e en 2e", "eerste en tweede"),
    ("de 19e eeuw", "de negentiende eeuw"),
    ("de 22ste keer", "de tweeëntwintigste keer"),
    ("XXe eeuw", "twintigste eeuw"),
    # date
    ("op 14-03-2025", "op 14 maart 2025"),
    ("op 1/2/2024", "op 1 februari 2024"),
    ("3 okt. 2024", "3 oktober 2024"),
    ("ma-vr open", "maandag tot en met vrijdag open"),
    ("za t/m zo open", "zaterdag tot en met zondag open"),
    ("vr. 3 mei", "vrijdag 3 mei"),
    # time
    ("om 8:00 uur", "om 8 uur"),
    ("om 14:30", "om 14 uur 30"),
    ("9.00-17.30 uur", "9 uur tot 17 uur 30"),
    ("om 8u30", "om 8 uur 30"),
    # unit
    ("5 km", "5 kilometer"),
    ("50 m²", "50 vierkante meter"),
    ("20°C", "20 graden Celsius"),
    ("80 x 120 cm", "80 bij 120 centimeter"),
    ("100 km/u", "100 kilometer per uur"),
    ("5 %", "5 procent"),
    ("5 l/100 km", "5 liter per 100 kilometer"),
    # abbreviation
    ("dhr. Jansen", "de heer Jansen"),
    ("mevr. de Vries", "mevrouw de Vries"),
    ("o.a. voor ons", "onder andere voor ons"),
    ("bijv. dit", "bijvoorbeeld dit"),
    ("i.p.v. hem", "in plaats van hem"),
    ("enz.", "enzovoort."),
    ("blz. 12", "bladzijde 12"),
    ("t/m 5", "tot en met 5"),
    # year
    ("in 1985", "in negentien honderd vijfentachtig"),
    ("Rembrandt (1606-1669)", "Rembrandt (zestien honderd zes tot zestien honderd negenenzestig)"),
    ("van 1940-'45", "van negentien honderd veertig tot vijfenveertig"),
    ("op 5-6-1980", "op 5 juni negentien honderd tachtig"),
    # date
    ("Open ma., wo. en vr. vanaf acht", "Open maandag, woensdag en vrijdag vanaf acht"),
    ("eind jaren 90", "eind jaren negentig"),
    ("€ 9,99 p/m", "9 euro 99 per maand"),
    ("op di 4 nov. thuis", "op dinsdag 4 november thuis"),
    # time
    ("om 14.30 vertrekt hij", "om 14 uur 30 vertrekt hij"),
    # fraction
    ("1/2 l melk", "een halve liter melk"),
    ("2½ uur", "tweeënhalf uur"),
    # abbreviation
    ("o.m. duur", "onder meer duur"),
    ("Kerkstr. 5", "Kerkstraat 5"),
    # initialism
    ("de USB-stick", "de U S B-stick"),
    # range
    ("blz. 5-10", "bladzijde 5 tot 10"),
    ("24 t/m 26 december", "24 tot en met 26 december"),
    ("nr 5", "nummer 5"),
    # roman
    ("Willem III", "Willem de derde"),
    ("hoofdstuk IV", "hoofdstuk 4"),
    # math
    ("4 × 3", "4 keer 3"),
    ("5 - 3 = 2", "5 min 3 is 2"),
    # fraction
    ("1/2 liter", "een halve liter"),
    ("3/4 liter", "drie kwart liter"),
    ("½ uur", "een half uur"),
    ("1 1/2 uur", "anderhalf uur"),
    # phone
    ("06-12345678", "0 6, 1 2 3 4 5 6 7 8"),
    ("020-1234567", "0 2 0, 1 2 3 4 5 6 7"),
    # symbol
    ("Jansen & Zonen", "Jansen en Zonen"),
    ("en/of", "en of"),
    ("§ 5", "paragraaf 5"),
    # e-mail
    ("anna@voorbeeld.nl", "anna apenstaartje voorbeeld punt N L"),
)
UNCHANGED = (
    "De oude man liep langzaam door de straat en dacht aan vroeger.",
    "'Kom je mee?' vroeg ze zacht.",
    "Hij had drie kinderen en een huis aan het meer.",
    "Ze keek hem aan - en zweeg.",
    "We kochten 5 appels en 12 peren.",
    "De A7 is dicht en de N20 ook.",
    "De iPhone 15 is duur.",
    "Kamer 1600 is leeg, er zijn 1500 mensen.",
    "De CEO van KLM sprak met de EU.",
    "Hij woont in kamer 1203 en zijn pincode is 1234.",
    "De Boeing 747 is groot.",
    "In 1080p is het mooi.",
    "Maat XL is op.",
    "Ik eet vitamine C.",
    "Hij liep en liep en liep tot hij moe was.",
    "Windows 10 en versie 3.5 zijn oud.",
    "Dit is min. Dat is art.",
    "Bel 112 in nood.",
    "In 2020 en 2024 was dat zo.",
    "Zij zei nee. Wij ook.",
    "Hij heeft 4 u's gezien.",
    "Van 5 tot 10 is het druk.",
    "Om 10 uur ga ik.",
    "Het ging om het Do van de dag.",
)
ONE_SENTENCE = (
    "Dhr. Jansen en mevr. de Vries praten.",
    "Zie blz. 12 van het boek.",
)
PATTERNS = FIGURES
