"""Abbreviations of each language tell the splitter which full stops belong to a word."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _elided(articles: str, text: str) -> str:
    """Return words and what they are after an article that lost its vowel: "art", "l'art"."""
    starts = [article + mark for article in articles.split() for mark in "'’"]
    return " ".join((text, *(start + word for word in text.split() for start in starts)))


class Abbreviations(NamedTuple):
    """The words of one language, in lower case and without their last full stop."""

    anywhere: frozenset[str]
    """A full stop after one of these never ends a sentence: "Dr. Smith"."""

    before_numbers: frozenset[str]
    """... and after these not where a number follows: "No. 5", "Fig. 3", "p. 12"."""

    starters: frozenset[str]
    """An initialism ("U.S.", "p.m.") ends a sentence only before one of these, which rarely follow a name."""

    before_letters: frozenset[str] = frozenset()
    """... and after these not where a letter or a Roman numeral follows: "App. B". The same holds of "Art. II"."""

    before_words: Mapping[str, frozenset[str]] = MappingProxyType({})
    """... and after these only before one of theirs: "Jr. Day", "p.m. Monday"."""

    lettered: frozenset[str] = frozenset()
    """Words before a letter that is no initial, so that its full stop ends the sentence: "Choose option A."."""

    has_ordinals: bool = False
    """Whether a full stop makes a number an ordinal ("Der 3. Oktober"), if none of the starters follows."""


# Every language has these, since texts mix languages.
_SHARED = Abbreviations(
    anywhere=_words(
        "dr mr mrs ms mx prof rev fr hon gen col capt cmdr lt sgt maj adm gov sen rep pres st mt ft messrs mme mlle "
        "e.g i.e cf viz vs hr dhr bzw z.b d.h sra"
    ),
    before_numbers=_words(
        "no nos nr fig figs vol vols ch sec art p pp op eq ca jan feb mar apr jun jul aug sep sept oct nov dec"
    ),
    starters=_words(
        "a an and as at but he her his how i if in it its my no on or our she so that the their then there these they "
        "this those we what when where who why yes you your"
    ),
)

_TIMES_AND_ZONES = _words(
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun january "
    "february march april may june july august september october november december jan feb mar apr jun jul aug sep "
    "sept oct nov dec est edt et cst cdt ct mst mdt mt pst pdt pt gmt utc bst cet cest ist eastern central mountain "
    "pacific"
)
"""Names that follow "5 p.m." in its sentence."""

_LANGUAGES: dict[str, Abbreviations] = {
    "en": Abbreviations(
        anywhere=_words("approx incl excl vol vols supt cpl pvt det insp atty amb"),
        before_numbers=_words(
            "apt ext est ste rm hwy rte bldg ver para ep pg chap tue tues wed thu thur thurs fri rs rt min max avg tel "
            "al temp dept tab ref refs eqs ex exh sect pt pts cor chron thess deut lev ps isa ezek eccl eph gal heb jas"
        ),
        starters=_words("all are can did do does for is let me not some was will would"),
        before_letters=_words("app"),
        before_words=dict.fromkeys(("a.m", "p.m"), _TIMES_AND_ZONES)
        | dict.fromkeys(("jr", "sr"), _words("day"))
        | dict.fromkeys(("op", "loc"), _words("cit"))
        | dict.fromkeys(
            ("ave", "blvd", "rd", "ln", "pkwy", "ct", "pl"), _words("n s e w ne nw se sw apt suite ste unit")
        ),
        lettered=_words(
            "option vitamin plan part section appendix group point grade type class step answer question row column "
            "gate terminal hepatitis room building unit level team exhibit figure table model choice letter block zone "
            "track season wing schedule form phase tier category size influenza version chapter article item annex"
        ),
    ),
    "de": Abbreviations(
        anywhere=_words(
            "mio mrd bio tsd inkl exkl zzgl abzgl bspw insb mind evtl ggf gem lt einschl bzgl vgl sog tel "
            "dipl.-ing fa fam ing co str z.b z.t z.zt z.hd u.a u.u v.a i.d.r d.h o.g o.ä u.ä i.a geb hl hrsg frl "
            "std rd ggfs incl evt insbes ausschl betr wöchentl monatl mtl jährl tägl urspr vorauss ugs bes allg jew "
            "ehem entspr ggü lfd od div versch durchschn eigtl schriftl telef dt engl frz lat griech ital amerik zw "
            "verh univ rel gebr bgm bsp kfm präs dipl.-kfm dipl.-psych dr.-ing abt adr hd zt frdl p"
        ),
        before_numbers=_words(
            "max abs bd bde kap abb tab abschn ziff aufl jh anm anl par jg jgg rn rdnr ausg zi gr kl hausnr bl sp okt "
            "dez febr mrz nrn gegr erb gest verst mo di mi do min bestell-nr tel.-nr telefon-nr kunden-nr artikel-nr "
            "auftrags-nr rechnungs-nr konto-nr haus-nr kd.-nr"
        ),
        starters=_words(
            "der die das ein eine ich du er sie es wir ihr man und aber doch denn dann da dort hier jetzt heute "
            "morgen gestern wenn als wie was wer wo warum so nun also auch in im am an auf mit nach von vor bei "
            "zu zum zur für mein dein sein unser alle alles nicht kein keine ja nein seine ihre "
            "meine unsere danach später trotzdem deshalb dies diese dieser dieses das"
        ),
        has_ordinals=True,
    ),
    "fr": Abbreviations(
        anywhere=_words(
            "mm me mgr pr drs ste bd boul pl rte chap env p.ex tél approx apr ap j.-c av.j.-c av lun jeu mlles "
            "mmes coll bât lun.-ven lun.-sam lun.-dim mar.-sam sam.-dim "
            # First names that begin with these are written with a hyphen.
            "j.-p j.-j j.-m j.-l j.-f j.-b j.-y j.-h j.-s p.-a p.-y p.-h m.-c m.-a m.-f m.-l a.-m c.-a l.-f g.-h"
        ),
        before_numbers=_words(
            "n° nos p pp chap fig vol al max min janv févr avr juil juill déc tél sam dim mar mer ven tab par dép "
            "apt appt réf num"
        )
        | _words(_elided("l d", "art éd ex app ann éq")),
        starters=_words(
            "le la les un une des il elle ils elles on nous vous je tu ce cela c'est ça et mais ou donc car puis "
            "alors dans en à au aux de du pour par avec sans mon ton son notre votre leur ma ta sa mes tes ses "
            "qui que quand si où comment pourquoi oui non aujourd'hui demain hier ici là"
        ),
    ),
    "es": Abbreviations(
        anywhere=_words(
            "sr sra srta sres sras dra dres d dña prof profa ing lic gral sto sta mons excmo ilmo avda av avd pza plza "
            "ctra dpto depto ee rr jj ff cc ss s.m aprox p p.ej ej tel tfno izq dcha cía cnel arq pdte ayto "
            "incl cód esq vol cap pl pbro hno hna lun.-vie lun.-sáb lun.-dom"
        ),
        before_numbers=_words(
            "pág págs pp cap caps art arts núm núms num cta n.º nº nro t km apto hab máx mín ene abr ago dic párr lun "
            "mar mié jue vie sáb dom"
        ),
        starters=_words(
            "el la los las un una unos unas yo tú él ella ellos ellas nosotros y pero o entonces luego también en a al "
            "con de del por para sin sobre mi tu su este esta esto ese esa eso aquel no sí ya hoy ayer mañana aquí "
            "ahora cuando si como qué quién dónde cómo cuándo hay es fue era son está están se le lo me te nos"
        ),
    ),
    "it": Abbreviations(
        anywhere=_words(
            "dott sig sigg geom rag mons egr gent spett cfr ca tel cell p.es es s.p a.c d.c incl ill preg "
            "cav comm p.zza sec secc vol cap lun.-ven lun.-sab lun.-dom"
        )
        | _words(_elided("l dell all dall sull nell un", "avv arch on ing")),
        before_numbers=_words(
            "pag pagg cap capp artt n nn num int tab par lett max min all civ h gen genn febb mag giu lug ago "
            "sett ott dic rif co lun mar mer gio ven sab dom"
        )
        | _words(_elided("l dell all dall sull nell un", "art")),
        starters=_words(
            "il lo la gli le un uno una io tu lui lei noi voi loro e ma o poi quindi anche in a con di da del della "
            "per su nel nella mio tuo suo questo questa quello non sì oggi ieri domani qui ora quando se come che chi "
            "dove perché è era ci si mi ti al alla"
        ),
    ),
    "pt": Abbreviations(
        anywhere=_words(
            "sr sra srta srs sras dra drs profa eng arq cel sto sta pe exmo exma ilmo ilma av aprox p.ex ex tel apto "
            "depto gen trav rod al bl séc incl cód cia a.c d.c vol cap"
        ),
        before_numbers=_words(
            "pág págs pag cap caps art arts núm num inc n n.º nº ap bl inc máx mín fev abr mai ago set out dez seg ter "
            "qua qui sex sáb dom"
        ),
        starters=_words(
            "o os as um uma eu ele ela eles elas nós você vocês e mas ou então depois também em no na ao com de do da "
            "por para sem meu minha seu sua este esta isto esse essa isso não sim já hoje ontem amanhã aqui agora "
            "quando se como que quem onde é foi era são está"
        ),
    ),
    "nl": Abbreviations(
        anywhere=_words(
            "mevr mw drs ir ing bijv bv o.a m.a.w d.w.z i.p.v t.o.v m.b.t i.v.m n.a.v t.a.v m.u.v o.l.v evt resp "
            "zgn incl excl vgl tel z.g ds mgr fam gebr mej div afd vnl gem v.d p t.n.v i.o.v d.m.v o.m o.v.v t.h.v"
        ),
        before_numbers=_words(
            "blz afb hfst ma di wo do vr za par nrs pag pers max min jan febr mrt aug okt dec ong tab bijl"
        ),
        starters=_words(
            "de het een ik jij je hij zij ze wij we jullie er dat dit die deze en maar of want dus dan toen daar "
            "hier nu vandaag morgen gisteren als wat wie waar waarom hoe in op aan met van voor bij naar mijn "
            "jouw zijn haar ons onze niet geen ja nee ook"
        ),
    ),
    "pl": Abbreviations(
        anywhere=_words(
            "ul al pl os św godz tys np tzn tj tzw m.in im inż mgr dyr red woj pow gm hab tel ds wg por zob płk "
            "ks śp ok mec pn pon niedz wt śr czw pt sob prok p sp kard kpt adw nt ew ang niem łac sierż proc ub lek "
            "mln mld"
        ),
        before_numbers=_words("maks str s rys rozdz poz ust pkt par t nr"),
        starters=_words(
            "on ona ono oni my wy ty ja to ten ta te jest są był była nie tak a i ale albo bo że więc potem teraz "
            "tu tam dziś jutro wczoraj kto co gdzie kiedy jak dlaczego w we na z ze do od po przed przy dla o u "
            "mój moja nasz"
        ),
        has_ordinals=True,
    ),
    "sv": Abbreviations(
        anywhere=_words("t.ex bl.a d.v.s dvs s.k f.d fr.o.m t.o.m p.g.a m.fl f.n e.d ev ung tel f.kr e.kr i.o.m"),
        before_numbers=_words("kl nr sid s ca maj kap feb aug okt mån tis ons tors fre lör sön min max"),
        starters=_words("jag du han hon det den vi ni de en ett och men när om på så nu då här där"),
    ),
    "da": Abbreviations(
        anywhere=_words("f.eks bl.a dvs d.v.s m.m s.k pga p.g.a fx inkl ekskl tlf f.kr e.kr"),
        before_numbers=_words("kl nr s ca kap stk jan feb aug okt man tirs ons tors fre lør søn min max"),
        starters=_words("jeg du han hun det den vi de en et og men når hvis på så nu da her der"),
    ),
    "cs": Abbreviations(
        anywhere=_words("např tj tzv tzn mj resp ul nám tř ing mgr bc mudr judr phdr rndr doc sv tel př.n.l n.l"),
        before_numbers=_words("č str s cca min max kap obr čl odst tab"),
        starters=_words("já ty on ona ono my vy oni to ten ta a ale když jestli na v ve tak teď tady je jsou byl"),
    ),
    "sk": Abbreviations(
        anywhere=_words("napr tj tzv resp ul nám ing mgr bc mudr judr phdr doc sv tel pr.n.l n.l"),
        before_numbers=_words("č str s cca min max kap obr čl ods tab"),
        starters=_words("ja ty on ona ono my vy oni to ten tá a ale keď ak na v vo tak teraz tu je sú bol"),
    ),
}
_LANGUAGES["nb"] = _LANGUAGES["no"] = _LANGUAGES["nn"] = _LANGUAGES["da"]
"""What a language has beside those, by its family."""


# Clients name languages, so their number is bounded.
@lru_cache(maxsize=64)
def abbreviations_of(language: str) -> Abbreviations:
    """Return the abbreviations of a language (`en_US`, `de`), those that every language has included."""
    own = _LANGUAGES.get(language.replace("-", "_").partition("_")[0].lower())
    if own is None:
        return _SHARED
    return Abbreviations(
        own.anywhere | _SHARED.anywhere,
        own.before_numbers | _SHARED.before_numbers,
        own.starters | _SHARED.starters,
        own.before_letters,
        own.before_words,
        own.lettered,
        own.has_ordinals,
    )
