"""Portuguese has these dates, rulers, abbreviations and names for symbols."""

from hailo_piper.text.normalise.electronic import Vocabulary
from hailo_piper.text.normalise.portuguese.numbers import cardinal, is_feminine, ordinal
from hailo_piper.text.normalise.romance import Numerals
from hailo_piper.text.normalise.romance_dates import Calendar
from hailo_piper.text.normalise.romance_fractions import Parts
from hailo_piper.text.normalise.romance_signs import Signs
from hailo_piper.text.normalise.wording import word_set

CALENDAR = Calendar(
    months=(
        "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro",
        "novembro", "dezembro",
    ),
    short_months={
        "jan": 1, "fev": 2, "mar": 3, "abr": 4, "mai": 5, "jun": 6, "jul": 7, "ago": 8, "set": 9, "out": 10,
        "nov": 11, "dez": 12,
    },
    days={
        "seg": "segunda", "ter": "terça", "qua": "quarta", "qui": "quinta", "sex": "sexta", "sáb": "sábado",
        "sab": "sábado", "dom": "domingo",
    },
    of=" de ", first="primeiro", to="a|e|à",
    articles="em|até|dia|de|segunda|terça|quarta|quinta|sexta|sábado|domingo|feira",
)  # fmt: skip
NUMERALS = Numerals(
    names=(
        "Pedro|João|Paulo|Bento|Pio|José|Maria|Isabel|Henrique|Luís|Carlos|Felipe|Filipe|Elizabeth|Afonso|Sancho|"
        "Manuel|Fernando|Sebastião|Napoleão|Leão|Clemente|Gregório|Inocêncio|Urbano|Alexandre|Guilherme|Frederico|"
        "Eduardo|Jaime|Jorge|Ricardo|Francisco|Nicolau|Catarina|Ramsés|Leopoldo|Alberto|Dinis|Duarte"
    ),
    women=word_set("Maria Isabel Elizabeth Catarina"),
    numbered=(
        "capítulo|Capítulo|tomo|Tomo|ato|Ato|volume|Volume|título|Título|parte|Parte|fase|Fase|tipo|livro|Livro|"
        "artigo|anexo|Anexo|nível|Nível|grau|categoria|classe|grupo|Grupo|seção|Seção|cena|Cena|episódio|Episódio"
    ),
    nouns={
        "Guerra": True, "guerra": True, "República": True, "Congresso": False, "Edição": True, "edição": True,
        "Semana": True, "Jornada": True, "Concurso": False, "Festival": False, "Encontro": False, "Prêmio": False,
        "Bienal": True, "Copa": True, "Reich": False, "Simpósio": False, "Seminário": False, "Fórum": False,
        "Conferência": True, "Jogos": False, "Dinastia": True, "dinastia": True, "aniversário": False,
    },
    of_ruler=lambda number, feminine: ordinal(number, is_feminine=feminine) if number <= 10 else cardinal(number),
    of_noun=lambda number, feminine: ordinal(number, is_feminine=feminine),
    number=cardinal,
    of_century=lambda number: ordinal(number) if number <= 10 else cardinal(number),
    centuries={"século": "século", "Século": "século", "séculos": "séculos", "séc.": "século", "sécs.": "séculos",
               "Séc.": "século"},
)  # fmt: skip
PARTS = Parts(
    names={3: "terço", **{number: ordinal(number) for number in range(4, 11)}},
    plural=lambda name: f"{name}s",
    ones=("um", "uma"), singular=lambda noun: noun.removesuffix("s"), half=("meio", "meia"), and_="e",
    is_feminine=is_feminine, cardinal=cardinal, over="sobre", of="de",
)  # fmt: skip
ABBREVIATIONS = {
    "Sr": "senhor", "Sra": "senhora", "Dr": "doutor", "Dra": "doutora",
    "sr.": "senhor", "sra.": "senhora", "srta.": "senhorita", "srs.": "senhores", "sras.": "senhoras",
    "dr.": "doutor", "dra.": "doutora", "drs.": "doutores", "D.": "dona", "prof.": "professor",
    "profa.": "professora", "prof.ª": "professora", "profª": "professora", "eng.": "engenheiro", "Arq.": "arquiteto",
    "sr.ª": "senhora", "srª": "senhora", "dr.ª": "doutora", "drª": "doutora", "D.ª": "dona", "Dª": "dona",
    "Gen.": "general", "Cel.": "coronel", "Cap.": "capitão", "Sgt.": "sargento", "Sto.": "santo", "Sta.": "santa",
    "Pe.": "padre", "Exmo.": "excelentíssimo", "Exma.": "excelentíssima", "Ilmo.": "ilustríssimo",
    "Ilma.": "ilustríssima", "p. ex.": "por exemplo", "ex.": "exemplo", "aprox.": "aproximadamente",
    "av.": "avenida", "R.": "rua", "Pç.": "praça", "Pça.": "praça", "Trav.": "travessa", "Rod.": "rodovia",
    "Al.": "alameda", "Estr.": "estrada", "tel.": "telefone", "cel.": "celular", "apto.": "apartamento",
    "depto.": "departamento", "dept.": "departamento", "máx.": "máximo", "mín.": "mínimo", "obs.": "observação",
    "Cia.": "companhia", "gov.": "governo", "vs.": "contra", "incl.": "incluindo", "esq.": "esquina",
    "dir.": "direita", "atte.": "atenciosamente", "cód.": "código", "qtd.": "quantidade", "ref.": "referência",
    "Jd.": "jardim", "Vl.": "vila", "Ed.": "edifício", "cf.": "confira", "V. S.ª": "vossa senhoria",
    "Min.": "ministro", "Dep.": "deputado", "Sen.": "senador", "Pres.": "presidente",
    "c/": "com", "p/": "para", "s/": "sem", "vs": "contra", "vc": "você", "vcs": "vocês",
}  # fmt: skip
LAST = {
    "etc.": "etcétera", "a. C.": "antes de Cristo", "d. C.": "depois de Cristo", "Ltda.": "limitada",
    "S.A.": "S A", "S/A": "S A", "EUA": "Estados Unidos", "E.U.A.": "Estados Unidos", "Jr.": "júnior",
    "V. Exa.": "vossa excelência", "Cia.": "companhia", "máx.": "máximo", "mín.": "mínimo",
    "hab.": "habitantes", "s/n": "sem número",
}  # fmt: skip
BEFORE_NUMBERS = {
    "n.º": "número", "nº": "número", "n°": "número", "n.": "número", "núm.": "número", "num.": "número",
    "nº.": "número",
    "N.º": "número", "Nº": "número", "№": "número", "nos.": "números",
    "pág.": "página", "págs.": "páginas", "pag.": "página", "p.": "página", "pp.": "páginas", "cap.": "capítulo",
    "caps.": "capítulos", "art.": "artigo", "arts.": "artigos", "vol.": "volume", "fig.": "figura",
    "t.": "tomo", "ed.": "edição", "apto.": "apartamento", "ap.": "apartamento", "apt.": "apartamento",
    "inc.": "inciso", "máx.": "máximo", "mín.": "mínimo", "ref.": "referência", "v.": "versículo",
    "tel.": "telefone", "tab.": "tabela", "séc.": "século", "bl.": "bloco", "km": "quilômetro", "c.": "cerca de",
}  # fmt: skip
SYMBOLS = {
    "→": "seta", "©": "copyright", "™": "", "®": "", "½": "meio", "⅓": "um terço", "¼": "um quarto",
    "¾": "três quartos", "⅔": "dois terços", "≈": "aproximadamente igual a", "≠": "diferente de",
    "≥": "maior ou igual a", "≤": "menor ou igual a", "±": "mais ou menos", "√": "raiz quadrada de",
    "∞": "infinito", "²": "ao quadrado", "³": "ao cubo", "§": "parágrafo", "&": "e",
}  # fmt: skip
OPERATORS = {
    "+": "mais", "-": "menos", "−": "menos", "×": "vezes", "x": "vezes", "*": "vezes", "·": "vezes",
    "÷": "dividido por", "/": "dividido por", "=": "é igual a", "<": "é menor que", ">": "é maior que",
    "≈": "é aproximadamente igual a", "≠": "é diferente de", "≥": "é maior ou igual a", "≤": "é menor ou igual a",
}  # fmt: skip
SIGNS = Signs(
    or_=r"(e)/ou", either="ou", about="aproximadamente", number="número", plus="mais", power="elevado a",
    operators=OPERATORS, symbols=SYMBOLS,
)  # fmt: skip
ELECTRONIC = Vocabulary(
    marks={
        ".": "ponto", "@": "arroba", "/": "barra", "-": "hífen", "_": "underline", ":": "dois pontos",
        "\\": "barra invertida", "?": "interrogação", "=": "igual", "&": "e", "#": "cerquilha", "+": "mais",
        "%": "por cento", "~": "til",
    },
    version="versão", hashtag="hashtag", hexadecimal="hexadecimal",
)  # fmt: skip
