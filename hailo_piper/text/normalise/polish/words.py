"""Polish has these names for units, currencies, symbols and abbreviations."""

from hailo_piper.text.normalise.continental import Currency, Forms, Language, noun_table
from hailo_piper.text.normalise.electronic import Vocabulary
from hailo_piper.text.normalise.wording import word_set


def _form(number: str) -> int:
    """Return 1 for "2 kilogramy", 2 for "5 kilogramów", 3 for "1,5 kilograma"."""
    if "," in number:
        return 3
    is_few = number[-1] in "234" and number[-2:-1] != "1"
    return 1 if is_few else 2


def _agreed(number: str, forms: Forms) -> str:
    """Write a figure as it agrees with a feminine noun: "dwie minuty", "22 minuty"."""
    if not forms[0].startswith("jedna ") or "," in number or number[-1] != "2" or number[-2:-1] == "1":
        return number
    tens = int(number) - 2
    return f"{tens or ''} dwie".lstrip()


LANGUAGE = Language(
    minus="minus",
    to="do",
    score="do",
    by="na",
    per="za",
    form=_form,
    agreed=_agreed,
    names_cents=True,
    per_names={
        "miesiąc": "miesiąc", "mies.": "miesiąc", "rok": "rok", "dzień": "dzień", "godz.": "godzinę", "h": "godzinę",
        "os.": "osobę", "szt.": "sztukę", "kg": "kilogram", "l": "litr",
        "m²": "metr kwadratowy", "m2": "metr kwadratowy",
        "godzinę": "godzinę", "osobę": "osobę", "noc": "noc", "tydzień": "tydzień", "kWh": "kilowatogodzinę",
    },
    units=noun_table("""
    mm: jeden milimetr, milimetry, milimetrów, milimetra
    cm: jeden centymetr, centymetry, centymetrów, centymetra
    m: jeden metr, metry, metrów, metra
    km: jeden kilometr, kilometry, kilometrów, kilometra
    cm² cm2: jeden centymetr kwadratowy, centymetry kwadratowe, centymetrów kwadratowych, centymetra kwadratowego
    m² m2 m.kw.: jeden metr kwadratowy, metry kwadratowe, metrów kwadratowych, metra kwadratowego
    km² km2: jeden kilometr kwadratowy, kilometry kwadratowe, kilometrów kwadratowych, kilometra kwadratowego
    ha: jeden hektar, hektary, hektarów, hektara
    cm³ cm3: jeden centymetr sześcienny, centymetry sześcienne, centymetrów sześciennych, centymetra sześciennego
    m³ m3: jeden metr sześcienny, metry sześcienne, metrów sześciennych, metra sześciennego
    ml: jeden mililitr, mililitry, mililitrów, mililitra
    l L: jeden litr, litry, litrów, litra
    µg: jeden mikrogram, mikrogramy, mikrogramów, mikrograma
    mg: jeden miligram, miligramy, miligramów, miligrama
    g: jeden gram, gramy, gramów, grama
    dag dkg: jeden dekagram, dekagramy, dekagramów, dekagrama
    kg: jeden kilogram, kilogramy, kilogramów, kilograma
    t: jedna tona, tony, ton, tony
    km/h: jeden kilometr na godzinę, kilometry na godzinę, kilometrów na godzinę, kilometra na godzinę
    m/s: jeden metr na sekundę, metry na sekundę, metrów na sekundę, metra na sekundę
    ms: jedna milisekunda, milisekundy, milisekund, milisekundy
    s sek. sek: jedna sekunda, sekundy, sekund, sekundy
    min min.: jedna minuta, minuty, minut, minuty
    h godz. godz: jedna godzina, godziny, godzin, godziny
    V: jeden wolt, wolty, woltów, wolta
    mA: jeden miliamper, miliampery, miliamperów, miliampera
    mAh: jedna miliamperogodzina, miliamperogodziny, miliamperogodzin, miliamperogodziny
    W: jeden wat, waty, watów, wata
    kW: jeden kilowat, kilowaty, kilowatów, kilowata
    MW: jeden megawat, megawaty, megawatów, megawata
    kWh: jedna kilowatogodzina, kilowatogodziny, kilowatogodzin, kilowatogodziny
    KM: jeden koń mechaniczny, konie mechaniczne, koni mechanicznych, konia mechanicznego
    kJ: jeden kilodżul, kilodżule, kilodżuli, kilodżula
    kcal: jedna kilokaloria, kilokalorie, kilokalorii, kilokalorii
    Hz: jeden herc, herce, herców, herca
    kHz: jeden kiloherc, kiloherce, kiloherców, kiloherca
    MHz: jeden megaherc, megaherce, megaherców, megaherca
    GHz: jeden gigaherc, gigaherce, gigaherców, gigaherca
    hPa: jeden hektopaskal, hektopaskale, hektopaskali, hektopaskala
    dB: jeden decybel, decybele, decybeli, decybela
    kB KB: jeden kilobajt, kilobajty, kilobajtów, kilobajta
    MB: jeden megabajt, megabajty, megabajtów, megabajta
    GB: jeden gigabajt, gigabajty, gigabajtów, gigabajta
    TB: jeden terabajt, terabajty, terabajtów, terabajta
    Mb/s Mbit/s Mbps: jeden megabit na sekundę, megabity na sekundę, megabitów na sekundę, megabita na sekundę
    MB/s: jeden megabajt na sekundę, megabajty na sekundę, megabajtów na sekundę, megabajta na sekundę
    °C ºC: jeden stopień Celsjusza, stopnie Celsjusza, stopni Celsjusza, stopnia Celsjusza
    °F: jeden stopień Fahrenheita, stopnie Fahrenheita, stopni Fahrenheita, stopnia Fahrenheita
    ° º: jeden stopień, stopnie, stopni, stopnia
    MWh: jedna megawatogodzina, megawatogodziny, megawatogodzin, megawatogodziny
    A: jeden amper, ampery, amperów, ampera
    bar: jeden bar, bary, barów, bara
    Pa: jeden paskal, paskale, paskali, paskala
    dl: jeden decylitr, decylitry, decylitrów, decylitra
    proc.: jeden procent, procent, procent, procent
    %: jeden procent, procent, procent, procent
    ‰: jeden promil, promile, promili, promila
    szt. szt: jedna sztuka, sztuki, sztuk, sztuki
    os.: jedna osoba, osoby, osób, osoby
    """),
    currencies=(
        Currency(signs=("zł", "zł.", "PLN"), whole=("jeden złoty", "złote", "złotych", "złotego"),
                 cents=("jeden grosz", "grosze", "groszy"), after_magnitude="złotych"),
        Currency(signs=("€", "EUR", "euro"), whole=("jedno euro", "euro"), cents=("jeden cent", "centy", "centów"),
                 after_magnitude="euro"),
        Currency(signs=("US$", "$", "USD"), whole=("jeden dolar", "dolary", "dolarów", "dolara"),
                 cents=("jeden cent", "centy", "centów"), after_magnitude="dolarów"),
        Currency(signs=("£", "GBP"), whole=("jeden funt", "funty", "funtów", "funta"),
                 cents=("jeden pens", "pensy", "pensów"), after_magnitude="funtów"),
        Currency(signs=("CHF",), whole=("jeden frank", "franki", "franków", "franka"), after_magnitude="franków"),
        Currency(signs=("gr",), whole=("jeden grosz", "grosze", "groszy", "grosza"), after_magnitude="groszy"),
    ),
    magnitudes=noun_table("""
    mln mln. M: jeden milion, miliony, milionów, miliona
    mld mld.: jeden miliard, miliardy, miliardów, miliarda
    tys. tys: tysiąc, tysiące, tysięcy, tysiąca
    milion miliony milionów miliona: jeden milion, miliony, milionów, miliona
    miliard miliardy miliardów miliarda: jeden miliard, miliardy, miliardów, miliarda
    """),
)  # fmt: skip
ABBREVIATIONS = {
    "np.": "na przykład", "m.in.": "między innymi", "m. in.": "między innymi", "tzn.": "to znaczy", "tj.": "to jest",
    "tzw.": "tak zwany", "al.": "aleja", "pl.": "plac", "os.": "osiedle", "prof.": "profesor", "inż.": "inżynier",
    "mgr": "magister", "św.": "święty", "godz.": "godzina", "tel.": "telefon", "ok.": "około", "im.": "imienia",
    "woj.": "województwo", "pow.": "powiat", "gm.": "gmina", "ds.": "do spraw", "wg": "według",
    "ww.": "wyżej wymieniony", "hab.": "habilitowany", "dyr.": "dyrektor", "red.": "redaktor", "zob.": "zobacz",
    "por.": "porównaj", "m.st.": "miasto stołeczne", "dot.": "dotyczący", "ks.": "ksiądz", "płk": "pułkownik",
    "min.": "minimum", "maks.": "maksimum", "dr": "doktor", "dr.": "doktor", "lek.": "lekarz",
    "sp. z o.o.": "spółka z o o", "gen.": "generał", "mjr": "major", "kpt.": "kapitan", "ppłk": "podpułkownik",
    "kard.": "kardynał", "bp": "biskup", "abp": "arcybiskup", "adw.": "adwokat", "nt.": "na temat",
    "ew.": "ewentualnie", "ang.": "angielski", "niem.": "niemiecki", "łac.": "łaciński", "wyd.": "wydanie",
    "śp.": "świętej pamięci", "wzgl.": "względnie", "tel. kom.": "telefon komórkowy", "nast.": "następny",
    "s.c.": "spółka cywilna", "vs.": "kontra", "doc.": "docent", "sierż.": "sierżant", "zw.": "zwany",
    "ub.": "ubiegłego", "r.ż.": "roku życia", "przyp.": "przypis", "cyt.": "cytowany",
    "ur.": "urodzony", "zm.": "zmarły", "jw.": "jak wyżej",
}  # fmt: skip
LAST = {
    "n.p.m.": "nad poziomem morza", "itd.": "i tak dalej", "itp.": "i tym podobne", "p.n.e.": "przed naszą erą",
    "n.e.": "naszej ery", "etc.": "et cetera", "zł": "złotych", "b.r.": "bieżącego roku", "br.": "bieżącego roku",
    "ub.r.": "ubiegłego roku", "m.n.p.m.": "metrów nad poziomem morza",
}  # fmt: skip
BEFORE_NUMBERS = {
    "nr": "numer", "nr.": "numer", "str.": "strona", "s.": "strona", "rys.": "rysunek", "rozdz.": "rozdział",
    "poz.": "pozycja", "ust.": "ustęp", "pkt": "punkt", "pkt.": "punkt", "art.": "artykuł", "par.": "paragraf",
    "t.": "tom", "tab.": "tabela", "maks.": "maksymalnie", "min.": "minimum", "max.": "maksymalnie", "m.": "mieszkania",
    "vol.": "wolumin", "kl.": "klasa",
}  # fmt: skip
INITIALISMS = word_set(
    "USA IT ID IQ IP PKO PZU NBP AK AGD AGH IPN ONZ UJ UW PRL AI UOKIK OZE IKE OFE ABW CBA EKG RTV UV OC "
    "UK US WHO SUV ABC"
)
"""These are spelled, though espeak-ng would read them as words."""
SYMBOLS = {
    "&": "i", "→": "do", "©": "copyright", "™": "", "®": "", "½": "pół", "⅓": "jedna trzecia", "¼": "jedna czwarta",
    "¾": "trzy czwarte", "⅔": "dwie trzecie", "°": "stopni", "≈": "około", "≠": "nie równa się",
    "≥": "większe lub równe", "≤": "mniejsze lub równe", "±": "plus minus", "√": "pierwiastek z", "∞": "nieskończoność",
    "²": "do kwadratu", "³": "do sześcianu",
}  # fmt: skip
OPERATORS = {
    "+": "plus", "-": "minus", "−": "minus", "×": "razy", "x": "razy", "*": "razy", "·": "razy", "÷": "podzielić przez",
    ":": "podzielić przez", "/": "podzielić przez", "=": "równa się", "<": "mniejsze niż", ">": "większe niż",
    "≈": "około", "≠": "nie równa się", "≥": "większe lub równe", "≤": "mniejsze lub równe",
}  # fmt: skip
ELECTRONIC = Vocabulary(
    marks={
        ".": "kropka", "@": "małpa", "/": "ukośnik", "-": "myślnik", "_": "podkreślenie", ":": "dwukropek",
        "\\": "ukośnik wsteczny", "?": "znak zapytania", "=": "równa się", "&": "i", "#": "hasz", "+": "plus",
        "%": "procent", "~": "tylda",
    },
    version="wersja", hashtag="hasztag", hexadecimal="szesnastkowo",
)  # fmt: skip
