"""French hard text is written as it is spoken."""

import pytest

from hailo_piper.text.normalise.verbaliser import verbalise
from hailo_piper.text.reading import Reading
from hailo_piper.text.sentence import Sentence
from hailo_piper.text.splitter import split
from tests.support.growth import grows_slowly
from tests.support.hard_figures import FIGURES

LANGUAGE = "fr"
_SPOKEN = (
    # money
    ("Au XVIIe s.", "Au dix-septième siècle."),
    ("500 €", "500 euros"),
    ("3,50 €", "3 euros 50"),
    ("$20", "20 dollars"),
    ("5-10 €", "5 à 10 euros"),
    ("£80", "80 livres"),
    ("1 €", "un euro"),
    ("0,99 €", "99 centimes"),
    ("1,5 M€", "1,5 million d'euros"),
    ("3 millions d'euros", "3 millions d'euros"),
    ("12 €/mois", "12 euros par mois"),
    ("5€50", "5 euros 50"),
    # cardinal
    ("1 234 567 habitants", "1234567 habitants"),
    ("Il fait -5 degrés", "Il fait moins 5 degrés"),
    # ordinal
    ("la 1re fois", "la première fois"),
    ("au 2e étage", "au deuxième étage"),
    ("le 1er mai", "le premier mai"),
    ("la 21e fois", "la vingt et unième fois"),
    ("le XIXe siècle", "le dix-neuvième siècle"),
    ("la IIe République", "la deuxième République"),
    ("François Ier", "François premier"),
    # date
    ("le 14/07/2025", "le 14 juillet 2025"),
    ("le 01/01/2024", "le premier janvier 2024"),
    ("5 févr. 2024", "5 février 2024"),
    ("du lun. au ven.", "du lundi au vendredi"),
    ("le 5/5", "le 5 mai"),
    # time
    ("14h30", "14 heures 30"),
    ("de 9h à 17h", "de 9 heures à 17 heures"),
    ("9h-17h", "9 heures à 17 heures"),
    ("00:15", "zéro heure 15"),
    ("à 1h demain", "à une heure demain"),
    ("21h", "vingt et une heures"),
    # unit
    ("45 min", "45 minutes"),
    ("100 km/h", "100 kilomètres à l'heure"),
    ("50 m²", "50 mètres carrés"),
    ("250 ml de lait", "250 millilitres de lait"),
    ("3,5 kW", "3,5 kilowatts"),
    ("1,5 kg", "1,5 kilogramme"),
    ("50 %", "50 pour cent"),
    ("1m82", "un mètre 82"),
    ("5 l/100 km", "5 litres aux 100 kilomètres"),
    ("1 c. à s. de sel", "une cuillère à soupe de sel"),
    # abbreviation
    ("au n° 5", "au numéro 5"),
    ("p. ex. des pommes", "par exemple des pommes"),
    ("du papier, etc.", "du papier, et cetera."),
    ("c.-à-d. sans frais", "c'est-à-dire sans frais"),
    ("p. 12", "page 12"),
    ("env. 20 places", "environ 20 places"),
    ("M. Dupont", "monsieur Dupont"),
    ("av. J.-C.", "avant Jésus-Christ."),
    ("svp", "s'il vous plaît"),
    ("n°12", "numéro 12"),
    # roman
    ("Napoléon III a perdu", "Napoléon trois a perdu"),
    ("le chapitre IV", "le chapitre quatre"),
    # math
    ("4 × 3 mètres", "4 fois 3 mètres"),
    ("5 - 3 = 2", "5 moins 3 égale 2"),
    # fraction
    ("½ litre d'eau", "un demi litre d'eau"),
    ("3/4 de tasse", "trois quarts de tasse"),
    ("1 1/2 heure", "une heure et demie"),
    ("18/20", "18 sur 20"),
    # range
    ("pages 5-10", "pages 5 à 10"),
    # phone
    ("06 12 34 56 78", "0 6, 12, 34, 56, 78"),
    ("+33 6 12 34 56 78", "plus 33, 6, 12, 34, 56, 78"),
    # symbol
    ("Dupont & Fils", "Dupont et Fils"),
    ("et/ou", "et ou"),
    ("§ 5", "paragraphe 5"),
    # e-mail
    ("anna@exemple.fr", "anna arobase exemple point F R"),
    # year
    ("entre 1939-45", "entre 1939 45"),
    ("1 000 000 €", "un million d'euros"),
    ('un écran de 15"', "un écran de 15 pouces"),
    ("M. et Mme Roy", "monsieur et Mme Roy"),
    ("réf. 12, bât. B", "référence 12, bâtiment B"),
    # sisters of these
    ("en 12/2023", "en décembre 2023"),
    ("1/2 h de pause, 3/4 h de route", "une demi heure de pause, trois quarts d'heure de route"),
    ("10 €-15 €", "10 à 15 euros"),
    ("12 000 F CFA", "12000 francs CFA"),
    ("un billet de 1 €", "un billet d'un euro"),
    ("de 1h à 9h (Paris)", "d'une heure à 9 heures (Paris)"),
    ("2h 15min 30s", "2 heures 15 minutes 30 secondes"),
    ("24h/24 et 7j/7", "24 heures sur 24 et 7 jours sur 7"),
    ("ouvert 24/7", "ouvert 24 heures sur 24, 7 jours sur 7"),
    ("le 1000e client", "le millième client"),
    ("les 15e-16e siècles", "les quinzième-seizième siècles"),
    ("au XVe-XVIe s. déjà", "au quinzième-seizième siècle déjà"),
    ("lundi 3/2", "lundi 3 février"),
    ("Noël : 25/12", "Noël : 25 décembre"),
    ("M. le maire", "monsieur le maire"),
    ("le Dr. Petit", "le docteur Petit"),
    ("12 r. de Rivoli", "12 rue de Rivoli"),
    ("5, pl. de la Paix", "5, place de la Paix"),
    ("les nos 3 et 4", "les numéros 3 et 4"),
    ("le 118 218", "le 118, 218"),
    ("CO2", "C O 2"),
    ("10^3", "10 puissance 3"),
)
_UNCHANGED = (
    "Le vieil homme descendait lentement la rue en pensant à autrefois.",
    "« Tu viens ? » demanda-t-elle doucement.",
    "Il avait trois enfants et une maison au bord du lac.",
    "Elle le regarda - et se tut.",
    "Nous avons acheté 5 pommes et 12 poires.",
    "L'A7 est fermée, la N20 aussi.",
    "L'iPhone 15 coûte cher.",
    "Le PDG de la SNCF a parlé à l'UE.",
    "Il habite la chambre 1203 et son code est 1234.",
    "Le Boeing 747 et l'Airbus A380 sont grands.",
    "En 1080p, l'image est belle.",
    "La taille XL et XXL.",
    "I. Martin et V. Durand sont venus.",
    "Je mange de la vitamine C et j'écoute un CD.",
    "Il dit : oui, bien sûr !",
    "Il courut, courut, courut, jusqu'à l'épuisement.",
    "Windows 10 et la version 3.5 sont vieux.",
    "Il n'y a pas de non.",
    "Nos 5 enfants et nos 3 chats.",
    "Mar a dit que sam est venu.",
    "Il va à la mer et au ven.",
    "Vers midi, vers 5 heures.",
    "Il y a un no man's land.",
    "J'ai 2 e-mails.",
    "Apollo 11 s'est posé sur la Lune.",
    "Appelle le 15 ou le 18.",
    "En 2020 comme en 2024.",
    "Il a vu le M. et le St.",
    "Le T. S. Eliot. C'est le p. du mot.",
    "S.M. le roi est là.",
    "J'ai vu Paul V. hier.",
    '"Il en reste 15" ou "16", dit-il.',
    "Le PC-IV et l'écran 16/10.",
    "De 1 à 5, il y a du choix.",
)
_ONE_SENTENCE = (
    "Il y a env. 20 places.",
    "Voir p. 12 du livre.",
    "Il habite av. Foch.",
    "L'art. 5 le dit.",
    "J.-P. Martin et le Pr. Roux viennent.",
    "En 476 ap. J.-C., Rome tombe.",
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


@pytest.mark.parametrize("pattern", [*FIGURES, "M. et ", "de 1 ", '27" ', "XVe-", "1/2 h ", "12/2023 ", "nos 3 "])
def test_time_grows_slowly_with_length(pattern: str) -> None:
    assert grows_slowly(lambda text: verbalise(Sentence(text), LANGUAGE), pattern)
