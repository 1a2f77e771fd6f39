"""Spanish text is said as a careful reader says it, and what only looks hard is left."""

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
        ("Cuesta 3,50 €.", "Cuesta 3 euros con 50 céntimos."),
        ("Cuesta 1.200,99 €.", "Cuesta 1200 euros con 99 céntimos."),
        ("Vale 0,99 €.", "Vale 99 céntimos."),
        ("Son 21 €.", "Son veintiún euros."),
        ("Ganó 2,5 millones de euros.", "Ganó 2,5 millones de euros."),
        ("Vale 5 M€.", "Vale 5 millones de euros."),
        ("Cuesta $1,500.00.", "Cuesta 1500 dólares."),
        ("Son 200 £ al mes.", "Son doscientas libras al mes."),
        ("Paga 15 €/mes.", "Paga 15 euros por mes."),
        ("Compré 21 libros.", "Compré veintiún libros."),
        ("Hay 31 mesas y 200 personas.", "Hay treinta y una mesas y doscientas personas."),
        ("Tiene 1.200 páginas.", "Tiene mil doscientas páginas."),
        ("Espera 1 hora.", "Espera una hora."),
        ("Es la 3.ª vez.", "Es la tercera vez."),
        ("Vive en el 3er piso.", "Vive en el tercer piso."),
        ("Es el 21.º aniversario.", "Es el vigésimo primer aniversario."),
        ("Hoy hace 25º.", "Hoy hace 25 grados."),
        ("Hace -5 °C.", "Hace menos 5 grados Celsius."),
        ("Nació el 3/4/1990.", "Nació el 3 de abril de 1990."),
        ("Nació el 2025-03-14.", "Nació el 14 de marzo de 2025."),
        ("Ven el 5/6.", "Ven el 5 de junio."),
        ("Llegó el 14 mar. 2025.", "Llegó el 14 de marzo de 2025."),
        ("Abre lun.-vie. de 9 a 14 h.", "Abre lunes a viernes de 9 a 14 horas."),
        ("Abre sáb. y dom.", "Abre sábado y domingo."),
        ("Sale a las 14:30 h.", "Sale a las 14 30 horas."),
        ("Sale a las 8:05.", "Sale a las 8 y 5."),
        ("Sale a la 1:00.", "Sale a la una."),
        ("Abre de 9:00-14:00.", "Abre de 9 a 14."),
        ("Tardó 2h 30m.", "Tardó 2 horas 30 minutos."),
        ("Corre a 100 km/h.", "Corre a 100 kilómetros por hora."),
        ("Mide 5 x 3 m.", "Mide 5 por 3 metros."),
        ("Son 10-15 km.", "Son 10 a 15 kilómetros."),
        ("Son 500 hab./km².", "Son 500 habitantes por kilómetro cuadrado."),
        ("Es del s. XIX.", "Es del siglo diecinueve."),
        ("Es del siglo V a. C.", "Es del siglo quinto antes de Cristo."),
        ("Luis XIV e Isabel II.", "Luis catorce e Isabel segunda."),
        ("La II Guerra Mundial.", "La segunda Guerra Mundial."),
        ("El capítulo IV.", "El capítulo cuatro."),
        ("Falta 1/2 hora.", "Falta media hora."),
        ("Añade 1 1/2 tazas.", "Añade una taza y media."),
        ("Añade 2/3 de taza.", "Añade dos tercios de taza."),
        ("Compra 1/2 kg.", "Compra medio kilogramo."),
        ("Llame al 912 34 56 78.", "Llame al 9 1 2, 3 4, 5 6, 7 8."),
        ("Vino D. Juan, p. ej., con Dña. Ana.", "Vino don Juan, por ejemplo, con doña Ana."),
        ("Vive en C/ Mayor, n.º 5.", "Vive en calle Mayor, número 5."),
        ("Viajó a EE. UU.", "Viajó a Estados Unidos."),
        ("Compra pan, etc.", "Compra pan, etcétera."),
        ("Ganó 3-2.", "Ganó 3 a 2."),
        ("De 1990-1995.", "De 1990 a 1995."),
        ("10 - 3 = 7", "10 menos 3 es igual a 7"),
        ("Es la v1.5.", "Es la versión 1 punto 5."),
        ("Escribe a ana@ejemplo.es.", "Escribe a ana arroba ejemplo punto E S."),
        ("Tiene 5 ha de tierra.", "Tiene 5 hectáreas de tierra."),
        ("Hay 200.000 personas.", "Hay doscientas mil personas."),
        ("Falta 1 millón.", "Falta un millón."),
        ("Emite CO2 y usa H2O.", "Emite C O 2 y usa H 2 O."),
        ("Sale a las 7:30 AM.", "Sale a las 7 30 A M."),
        ("Tel.: +34 612 345 678.", "teléfono: más 3 4, 6 1 2, 3 4 5, 6 7 8."),
        ("Vale 2^3.", "Vale 2 elevado a 3."),
        ("Ctra. de Burgos, km 5.", "carretera de Burgos, kilómetro 5."),
        ("Subió un 21 %.", "Subió un 21 por ciento."),
        ("Cuesta 10 € - 15 €.", "Cuesta 10 a 15 euros."),
        ("Cuesta $20 o 300 k€.", "Cuesta 20 dólares o 300 mil euros."),
        ("Es el 100.º, uno de los 1.os.", "Es el centésimo, uno de los primeros."),
        ("Vive en la 1.a planta.", "Vive en la primera planta."),
        ("Los siglos XVI-XVII.", "Los siglos dieciséis diecisiete."),
        ("Llame al 91 123 4567.", "Llame al 9 1, 1 2 3, 4 5 6 7."),
        ("Añade ½ taza.", "Añade media taza."),
        ("Caduca en 12/2023.", "Caduca en diciembre de 2023."),
        ("Es el 1/4 de hora.", "Es el un cuarto de hora."),
        ("Tres de las 3/4 partes.", "Tres de las tres cuartas partes."),
        ("Nos vemos el lunes, 3/2, o el 25/12.", "Nos vemos el lunes, 3 de febrero, o el 25 de diciembre."),
        ("Vale para 25/12.", "Vale para 25 de diciembre."),
        ("Corrió en 2:30:15.", "Corrió en 2 30 15."),
        ("Está abierto 24/7.", "Está abierto 24 7."),
        ("La temporada 2020-21.", "La temporada 2020 21."),
        ("Gasta 5 l/100 km.", "Gasta 5 litros a los 100 kilómetros."),
        ("El sr. Gil vive en el 2.º izda.", "El señor Gil vive en el segundo izquierda."),
        ("Vale 1.000.000 €.", "Vale un millón de euros."),
        ('Un monitor de 27".', "Un monitor de 27 pulgadas."),
        ("Desde sept. de 2020.", "Desde septiembre de 2020."),
        ("Abre a las 9.30 h con 1 mujer.", "Abre a las 9 30 horas con una mujer."),
        ("Abre 9.30 h.", "Abre 9 30 horas."),
        ("La Dra Gil.", "La doctora Gil."),
    ],
)
def test_hard_text_is_said(text: str, spoken: str) -> None:
    assert verbalise(Sentence(text), "es").text == spoken


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Cuesta $20.", "Cuesta 20 pesos."),
        ("Cuesta $1.", "Cuesta un peso."),
        ("Cuesta $1,500.50.", "Cuesta 1500 pesos con 50 centavos."),
        ("Cuesta $20 USD o US$20.", "Cuesta 20 dólares o 20 dólares."),
    ],
)
def test_a_peso_has_the_dollar_sign_in_latin_america(text: str, spoken: str) -> None:
    assert verbalise(Sentence(text), "es-mx").text == spoken


@pytest.mark.parametrize(
    "text",
    [
        "Tomé la I-95 y vi un vídeo en 1080p en mi iPhone 15.",
        "El CEO dijo que en 2025 no habría despidos.",
        "Escuché la radio AM.",
        "Saqué un 1 en mates y un 10 en lengua.",
        "El 21 salimos y el 31 volvemos.",
        "Un A320 o un Boeing 747.",
        "Windows 11 y Ubuntu 22.04 con Python 3.11.",
        "La sala B2 está en el edificio C-3.",
        "Que en paz descanse, D. E. P.",
        "Una pantalla 16/10 y la letra c/c.",
        "El COVID-19 ha cambiado todo.",
        "En 2020 mi padre vivía en el 5 A.",
        "Malcolm X habló del plan B.",
        "Tenía 16 años y 200 amigos.",
        "Es 1 de los 3 mejores.",
        "Vi a Pablo V. ayer.",
    ],
)
def test_what_only_looks_hard_is_left(text: str) -> None:
    sentence = Sentence(text)
    assert verbalise(sentence, "es") is sentence


@pytest.mark.parametrize(
    "text",
    [
        "Llegó el Sr. García.",
        "Viajó a EE. UU. en mayo.",
        "El dom. 5 cerramos.",
        "Hay aprox. 20 plazas.",
        "El art. 5 lo dice.",
        "Viven en la Avda. de la Paz.",
    ],
)
def test_an_abbreviation_does_not_end_a_sentence(text: str) -> None:
    assert split(text, Reading("es")) == (Sentence(text),)


@pytest.mark.parametrize("pattern", HOSTILE)
def test_hostile_text_costs_little(pattern: str) -> None:
    assert grows_slowly(lambda text: apply(Sentence(text), rules_for("es")), pattern)
