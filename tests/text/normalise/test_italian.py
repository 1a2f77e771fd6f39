"""Italian text is said as a careful reader says it, and what only looks hard is left."""

import pytest

from hailo_piper.text.normalise.verbaliser import apply, rules_for, verbalise
from hailo_piper.text.reading import Reading
from hailo_piper.text.sentence import Sentence
from hailo_piper.text.splitter import split
from tests.support.growth import PATTERNS, grows_slowly

HOSTILE = (
    *PATTERNS, "1/2 ", "1,5", "1.000.", "1.000 ", "12:30-", "12h", "1-", "- 1", "3 € ", "€", "5 x ", "1/", "XIV ", "X",
    "14 mar. ", "1º", "5 km/h ", "612 ", "+34 ", "(11) ", "lun-", "a. C. ", "p. ", "&", "²", "= ", "1 = ",
    "XV-", "XV-XVI ", '27" ', "$1,000", "$1 - $", "1 mil ", "25/12", "1.000 casas ", "D. ", "5 l/100 ", "½ ",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Costa 3,50 €.", "Costa 3 euro e 50."),
        ("Costa 1.200,99 €.", "Costa 1200 euro e 99."),
        ("Vale 0,99 €.", "Vale 99 centesimi."),
        ("Vale 2,5 milioni di euro.", "Vale 2,5 milioni di euro."),
        ("Vale 3 mld di dollari.", "Vale 3 miliardi di dollari."),
        ("Sono 500 mila euro.", "Sono 500 mila euro."),
        ("Paga 20 €/h.", "Paga 20 euro all'ora."),
        ("Paga 15 €/mese.", "Paga 15 euro al mese."),
        ("Ho 1 libro.", "Ho un libro."),
        ("Dura 1 ora.", "Dura un'ora."),
        ("È la 3ª volta.", "È la terza volta."),
        ("È il 2° posto.", "È il secondo posto."),
        ("Oggi ci sono 25°.", "Oggi ci sono 25 gradi."),
        ("Fuori -5 °C.", "Fuori meno 5 gradi Celsius."),
        ("Chiuso il 1° maggio.", "Chiuso il primo maggio."),
        ("Chiuso il 1 maggio.", "Chiuso il primo maggio."),
        ("Nato il 3/4/1990.", "Nato il 3 aprile 1990."),
        ("Nato il 2025-03-14.", "Nato il 14 marzo 2025."),
        ("Vieni il 5/6.", "Vieni il 5 giugno."),
        ("Nato il 14 mar. 2025.", "Nato il 14 marzo 2025."),
        ("Aperto lun-ven.", "Aperto lunedì a venerdì."),
        ("Aperto sab. e dom.", "Aperto sabato e domenica."),
        ("Parte alle 14:30.", "Parte alle 14 e 30."),
        ("Parte alle 14.30.", "Parte alle 14 e 30."),
        ("Parte alle 8:05.", "Parte alle 8 e 5."),
        ("Parte alle 8:00.", "Parte alle 8."),
        ("Aperto 9:00-14:00.", "Aperto 9 alle 14."),
        ("Dura 90 min.", "Dura 90 minuti."),
        ("Va a 100 km/h.", "Va a 100 chilometri orari."),
        ("Sono 50 mq.", "Sono 50 metri quadrati."),
        ("Misura 5 x 3 m.", "Misura 5 per 3 metri."),
        ("Sono 10-15 km.", "Sono 10 a 15 chilometri."),
        ("Nel sec. XIX.", "Nel secolo diciannovesimo."),
        ("Nel XX secolo.", "Nel ventesimo secolo."),
        ("Luigi XIV e Elisabetta II.", "Luigi quattordicesimo e Elisabetta seconda."),
        ("Papa Giovanni XXIII.", "Papa Giovanni ventitreesimo."),
        ("La II guerra mondiale.", "La seconda guerra mondiale."),
        ("Serve 1/2 ora.", "Serve mezz'ora."),
        ("Servono 1 1/2 tazze.", "Servono una tazza e mezza."),
        ("Compra 1/2 kg di pane.", "Compra mezzo chilogrammo di pane."),
        ("Ha 5 ha di terra.", "Ha 5 ettari di terra."),
        ("Chiama il 333 1234567.", "Chiama il 3 3 3, 1 2 3 4 5 6 7."),
        (
            "La dott.ssa Neri, p.es., abita in p.zza Dante n. 5.",
            "La dottoressa Neri, per esempio, abita in piazza Dante numero 5.",
        ),
        ("Nel 44 a.C.", "Nel 44 avanti Cristo."),
        ("Pane, latte, ecc.", "Pane, latte, eccetera."),
        ("Vinto 3-2.", "Vinto 3 a 2."),
        ("Vedi pp. 10-20.", "Vedi pagine 10 a 20."),
        ("Rossi & Figli e/o altri.", "Rossi e Figli e o altri."),
        ("10 - 3 = 7", "10 meno 3 uguale 7"),
        ("È la v1.5.", "È la versione 1 punto 5."),
        ("È l'1/1/2025.", "È l'1 gennaio 2025."),
        ("Il 90° minuto.", "Il novantesimo minuto."),
        ("A S. Maria e a S. Pietro.", "A Santa Maria e a San Pietro."),
        ("Emette CO2.", "Emette C O 2."),
        ("Tel. +39 06 1234 5678.", "telefono più 3 9, 0 6, 1 2 3 4, 5 6 7 8."),
        ("Costa 10 € - 15 €.", "Costa 10 a 15 euro."),
        ("La 2^ edizione, il 100° anno.", "La seconda edizione, il centesimo anno."),
        ("Nel XV sec. e nei secc. XV-XVI.", "Nel quindicesimo secolo e nei secoli quindicesimo sedicesimo."),
        ("Lunedì 3/2 e il 25/12.", "Lunedì 3 febbraio e il 25 dicembre."),
        ("Chiuso da 25/12 a 06/01.", "Chiuso da 25 dicembre a 6 gennaio."),
        ("Consuma 5 l/100 km.", "Consuma 5 litri per 100 chilometri."),
        ("6 : 2 = 3", "6 diviso 2 uguale 3"),
        ("Chiama 0612345678.", "Chiama 0 6 1 2 3 4 5 6 7 8."),
        ("Circa 20 ca.", "Circa 20 circa."),
        ("Tempo: 2:30:15.", "Tempo: 2 e 30 e 15."),
        ("Aperto 24/7.", "Aperto 24 7."),
        ("Nella stagione 2020-21.", "Nella stagione 2020 21."),
        ("Vale 2.000.000 €.", "Vale 2 milioni di euro."),
        ('Un monitor da 27".', "Un monitor da 27 pollici."),
        ("Costa 20 €/persona, 5 €/settimana.", "Costa 20 euro a persona, 5 euro alla settimana."),
        ("Venne 1 donna alle 9,30.", "Venne una donna alle 9 e 30."),
    ],
)
def test_hard_text_is_said(text: str, spoken: str) -> None:
    assert verbalise(Sentence(text), "it").text == spoken


@pytest.mark.parametrize(
    "text",
    [
        "Ho preso la I-95 e ho visto un video in 1080p sul mio iPhone 15.",
        "Il CEO ha detto che nel 2025 non ci saranno tagli.",
        "Ascoltavo la radio AM.",
        "Ho preso 1 in matematica e 10 in italiano.",
        "Un A320 o un Boeing 747.",
        "Windows 11 e Ubuntu 22.04 con Python 3.11.",
        "La sala B2 è nell'edificio C-3.",
        "Il COVID-19 ha cambiato tutto.",
        "Malcolm X parlò del piano B.",
        "Ha vinto 3 set a 1.",
        "È 1 dei 3 migliori.",
        "Sono le 9,30 tonnellate di ieri.",
        "Nel 2020 ha vinto tutto.",
    ],
)
def test_what_only_looks_hard_is_left(text: str) -> None:
    sentence = Sentence(text)
    assert verbalise(sentence, "it") is sentence


@pytest.mark.parametrize(
    "text",
    [
        "Il dott. Rossi parla.",
        "Vedi pag. 12 del libro.",
        "Nel sec. XIX era così.",
        "Con l'on. Verdi.",
        "Lo dice l'art. 5 dell'accordo con l'ing. Gallo.",
    ],
)
def test_an_abbreviation_does_not_end_a_sentence(text: str) -> None:
    assert split(text, Reading("it")) == (Sentence(text),)


@pytest.mark.parametrize("pattern", HOSTILE)
def test_hostile_text_costs_little(pattern: str) -> None:
    assert grows_slowly(lambda text: apply(Sentence(text), rules_for("it")), pattern)
