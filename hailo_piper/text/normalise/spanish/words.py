"""Spanish has these dates, rulers, abbreviations and names for symbols."""

from hailo_piper.text.normalise.electronic import Vocabulary
from hailo_piper.text.normalise.romance import Numerals
from hailo_piper.text.normalise.romance_dates import Calendar
from hailo_piper.text.normalise.romance_fractions import Parts
from hailo_piper.text.normalise.romance_signs import Signs
from hailo_piper.text.normalise.spanish.numbers import cardinal, is_feminine, ordinal
from hailo_piper.text.normalise.wording import word_set

CALENDAR = Calendar(
    months=(
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
        "diciembre",
    ),
    short_months={
        "ene": 1, "feb": 2, "mar": 3, "abr": 4, "may": 5, "jun": 6, "jul": 7, "ago": 8, "sept": 9, "sep": 9, "set": 9,
        "oct": 10, "nov": 11, "dic": 12,
    },
    days={
        "lun": "lunes", "mar": "martes", "mié": "miércoles", "mier": "miércoles", "miér": "miércoles",
        "mie": "miércoles", "jue": "jueves", "vie": "viernes", "sáb": "sábado", "sab": "sábado", "dom": "domingo",
    },
    of=" de ", first="1", articles="el|del|al|día|lunes|martes|miércoles|jueves|viernes|sábado|domingo", to="a|al|y",
)  # fmt: skip
NUMERALS = Numerals(
    names=(
        "Felipe|Carlos|Fernando|Isabel|Alfonso|Juan|Pablo|Pedro|Enrique|Luis|Jorge|Jaime|Sancho|Ramiro|Benedicto|"
        "Pío|León|Clemente|Inocencio|Gregorio|Urbano|Nicolás|Alejandro|Guillermo|Federico|Eduardo|Jacobo|Catalina|"
        "Napoleón|Francisco|Leopoldo|Alberto|Ramsés|Constantino|Maximiliano|Ricardo|Amadeo|Manuel|José|Bonifacio|Sixto|"
        "Julio|Adriano|Celestino|Paulo|Margarita|Cristina|María|Humberto|Balduino|Rodolfo|Otón|Gustavo|Iván"
    ),
    women=word_set("Isabel Catalina Margarita Cristina María"),
    numbered=(
        "capítulo|Capítulo|tomo|Tomo|acto|Acto|volumen|Volumen|título|Título|parte|Parte|fase|Fase|tipo|libro|Libro|"
        "artículo|anexo|Anexo|nivel|Nivel|grado|categoría|clase|grupo|Grupo|sección|Sección|escena|Escena|episodio|"
        "Episodio|edición|Zona|zona"
    ),
    nouns={
        "Guerra": True, "guerra": True, "República": True, "Congreso": False, "Centenario": False, "centenario": False,
        "Edición": True, "edición": True, "Feria": True, "Jornadas": True, "Jornada": True, "Concurso": False,
        "Festival": False, "Foro": False, "Encuentro": False, "Premio": False, "Premios": False, "Cumbre": True,
        "Semana": True, "Juegos": False, "Bienal": True, "Torneo": False, "Copa": True, "Plan": False, "Reich": False,
        "Internacional": True, "aniversario": False, "Aniversario": False, "Concilio": False, "Certamen": False,
        "Maratón": False, "Trofeo": False, "Legión": True, "Dinastía": True, "dinastía": True,
    },
    of_ruler=lambda number, feminine: ordinal(number, is_feminine=feminine) if number <= 10 else cardinal(number),
    of_noun=lambda number, feminine: _short(ordinal(number, is_feminine=feminine)),
    number=cardinal,
    of_century=lambda number: ordinal(number) if number <= 10 else cardinal(number),
    centuries={"siglo": "siglo", "Siglo": "siglo", "siglos": "siglos", "s.": "siglo", "ss.": "siglos"},
)  # fmt: skip
PARTS = Parts(
    names={
        3: "tercio", 4: "cuarto", 5: "quinto", 6: "sexto", 7: "séptimo", 8: "octavo", 9: "noveno", 10: "décimo",
    },
    plural=lambda name: f"{name}s",
    ones=("un", "una"), singular=lambda noun: noun.removesuffix("s"), half=("medio", "media"), and_="y",
    is_feminine=is_feminine, cardinal=cardinal, over="sobre", of="de",
)  # fmt: skip
ABBREVIATIONS = {
    "Sr": "señor", "Sra": "señora", "Dr": "doctor", "Dra": "doctora",
    "sr.": "señor", "sra.": "señora", "srta.": "señorita", "sres.": "señores", "sras.": "señoras", "dr.": "doctor",
    "dra.": "doctora", "dres.": "doctores", "dña.": "doña", "Da.": "doña", "D.ª": "doña", "Dª": "doña",
    "Sr.ª": "señora", "Dr.ª": "doctora", "M.ª": "María", "Mª": "María", "prof.": "profesor", "Prof.ª": "profesora",
    "Profª": "profesora", "profa.": "profesora", "Pbro.": "presbítero", "Hno.": "hermano", "Hna.": "hermana",
    "Ing.": "ingeniero", "Lic.": "licenciado", "Licda.": "licenciada", "Arq.": "arquitecto",
    "Gral.": "general", "Cnel.": "coronel", "Cap.": "capitán", "Sto.": "santo", "Sta.": "santa", "Mons.": "monseñor",
    "Excmo.": "excelentísimo", "Excma.": "excelentísima", "Ilmo.": "ilustrísimo", "Ilma.": "ilustrísima", "Fr.": "fray",
    "Rvdo.": "reverendo", "P. D.": "posdata", "p. ej.": "por ejemplo", "ej.": "ejemplo", "aprox.": "aproximadamente",
    "avda.": "avenida", "av.": "avenida", "avd.": "avenida", "pza.": "plaza", "plza.": "plaza", "vs": "contra",
    "C/.": "calle", "Pl.": "plaza", "P.º": "paseo", "Pº": "paseo", "Ctra.": "carretera", "Urb.": "urbanización",
    "Dpto.": "departamento", "Depto.": "departamento", "dpto.": "departamento", "esq.": "esquina", "cía.": "compañía",
    "tel.": "teléfono", "tfno.": "teléfono", "teléf.": "teléfono", "máx.": "máximo", "mín.": "mínimo",
    "der.": "derecha", "prov.": "provincia",
    "gob.": "gobierno", "Gob.": "gobernador", "Pdte.": "presidente", "Pte.": "presidente", "Vdo.": "visto",
    "atte.": "atentamente", "incl.": "incluido", "cód.": "código", "C.P.": "código postal", "vs.": "contra",
    "S. M.": "su majestad", "SS. MM.": "sus majestades", "S. A. R.": "su alteza real",
    "Ayto.": "ayuntamiento", "Univ.": "universidad", "admón.": "administración", "dto.": "descuento",
    "apdo.": "apartado", "cta.": "cuenta", "nac.": "nacional", "fam.": "familia", "bco.": "banco", "cf.": "confer",
}  # fmt: skip
LAST = {
    "etc.": "etcétera", "EE. UU.": "Estados Unidos", "EE UU": "Estados Unidos", "EEUU": "Estados Unidos",
    "EUA": "Estados Unidos", "Ud.": "usted", "Uds.": "ustedes", "Vd.": "usted", "Vds.": "ustedes",
    "a. C.": "antes de Cristo", "d. C.": "después de Cristo", "a. de C.": "antes de Cristo",
    "d. de C.": "después de Cristo", "Cía.": "compañía", "R. U.": "Reino Unido", "RR. HH.": "recursos humanos",
    "JJ. OO.": "juegos olímpicos", "FF. AA.": "fuerzas armadas", "CC. OO.": "comisiones obreras",
    "s/n": "sin número", "izq.": "izquierda", "izqda.": "izquierda", "izda.": "izquierda", "dcha.": "derecha",
    "izda": "izquierda", "dcha": "derecha", "máx.": "máximo", "mín.": "mínimo",
    "q. e. p. d.": "que en paz descanse", "hab.": "habitantes",
}  # fmt: skip
BEFORE_NUMBERS = {
    "n.º": "número", "nº": "número", "n°": "número", "n.°": "número", "nro.": "número", "núm.": "número",
    "n.os": "números", "núms.": "números", "nos.": "números", "No.": "número", "№": "número", "num.": "número",
    "pág.": "página", "págs.": "páginas", "p.": "página", "pp.": "páginas", "cap.": "capítulo", "caps.": "capítulos",
    "art.": "artículo", "arts.": "artículos", "vol.": "volumen", "fig.": "figura", "t.": "tomo", "ed.": "edición",
    "km.": "kilómetro", "km": "kilómetro", "C. P.": "código postal", "CP": "código postal",
    "apto.": "apartamento", "apdo.": "apartado", "inc.": "inciso", "párr.": "párrafo",
    "hab.": "habitación", "máx.": "máximo", "mín.": "mínimo", "ref.": "referencia", "v.": "verso", "s.": "siglo",
    "ss.": "siglos", "lín.": "línea", "secc.": "sección", "tel.": "teléfono", "dto.": "descuento", "c.": "circa",
}  # fmt: skip
SYMBOLS = {
    "→": "flecha", "©": "copyright", "™": "", "®": "", "½": "un medio", "⅓": "un tercio", "¼": "un cuarto",
    "¾": "tres cuartos", "⅔": "dos tercios", "°": "grados", "≈": "aproximadamente igual a", "≠": "distinto de",
    "≥": "mayor o igual que", "≤": "menor o igual que", "±": "más menos", "√": "raíz cuadrada de", "∞": "infinito",
    "²": "al cuadrado", "³": "al cubo", "§": "párrafo", "&": "y",
}  # fmt: skip
OPERATORS = {
    "+": "más", "-": "menos", "−": "menos", "×": "por", "x": "por", "*": "por", "·": "por", "÷": "entre",
    "/": "entre", "=": "es igual a", "<": "es menor que", ">": "es mayor que", "≈": "es aproximadamente igual a",
    "≠": "es distinto de", "≥": "es mayor o igual que", "≤": "es menor o igual que",
}  # fmt: skip
SIGNS = Signs(
    or_=r"([yo])/o", either="o", about="aproximadamente", number="número", plus="más", power="elevado a",
    operators=OPERATORS, symbols=SYMBOLS,
)  # fmt: skip
ELECTRONIC = Vocabulary(
    marks={
        ".": "punto", "@": "arroba", "/": "barra", "-": "guion", "_": "guion bajo", ":": "dos puntos",
        "\\": "barra invertida", "?": "interrogación", "=": "igual", "&": "y", "#": "almohadilla", "+": "más",
        "%": "por ciento", "~": "tilde",
    },
    version="versión", hashtag="hashtag", hexadecimal="hexadecimal",
)  # fmt: skip


def _short(words: str) -> str:
    return words[:-1] if words.endswith(("primero", "tercero")) else words
