"""Portuguese text is said as a careful reader says it, and what only looks hard is left."""

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
        ("Custa R$ 3,50.", "Custa 3 reais e 50 centavos."),
        ("Custa R$ 1.200,99.", "Custa 1200 reais e 99 centavos."),
        ("Custa R$ 0,99.", "Custa 99 centavos."),
        ("Custa R$ 1,00.", "Custa um real."),
        ("Vale R$ 2,5 milhões.", "Vale 2,5 milhões de reais."),
        ("Vale R$ 1,5 milhão.", "Vale 1,5 milhão de reais."),
        ("Vale US$ 3 bi.", "Vale 3 bilhões de dólares."),
        ("Custa R$ 10 mil.", "Custa 10 mil reais."),
        ("Paga R$ 15/mês.", "Paga 15 reais por mês."),
        ("Custa R$ 5-10.", "Custa 5 a 10 reais."),
        ("São 2 horas.", "São duas horas."),
        ("São 21 pessoas e 200 páginas.", "São vinte e uma pessoas e duzentas páginas."),
        ("Dura 1 hora.", "Dura uma hora."),
        ("É a 3ª vez.", "É a terceira vez."),
        ("É o 21º aniversário.", "É o vigésimo primeiro aniversário."),
        ("Faz -5 °C.", "Faz menos 5 graus Celsius."),
        ("Nasceu em 3/4/1990.", "Nasceu em 3 de abril de 1990."),
        ("Acaba em 01/01/2024.", "Acaba em primeiro de janeiro de 2024."),
        ("Nasceu em 14 mar. 2025.", "Nasceu em 14 de março de 2025."),
        ("Aberto seg. a sex.", "Aberto segunda a sexta."),
        ("Abre às 8h.", "Abre às 8 horas."),
        ("Fecha às 17h30.", "Fecha às 17 e 30."),
        ("Abre às 14:30.", "Abre às 14 e 30."),
        ("Abre às 8:05.", "Abre às 8 e 5."),
        ("Abre à 1:15.", "Abre à uma e 15."),
        ("Fecha às 22h.", "Fecha às vinte e duas horas."),
        ("Das 8h-17h.", "Das 8 horas às 17 horas."),
        ("Das 9:00-18:00.", "Das 9 horas às 18 horas."),
        ("Dura 90 min.", "Dura 90 minutos."),
        ("Vai a 100 km/h.", "Vai a 100 quilômetros por hora."),
        ("Mede 1,80 m.", "Mede 1,80 metro."),
        ("Mede 5 x 3 m.", "Mede 5 por 3 metros."),
        ("São 10-15 km.", "São 10 a 15 quilômetros."),
        ("No séc. XIX.", "No século dezenove."),
        ("No século V.", "No século quinto."),
        ("Dom Pedro II e Luís XIV.", "Dom Pedro segundo e Luís catorze."),
        ("A II Guerra Mundial.", "A segunda Guerra Mundial."),
        ("Falta 1/2 hora.", "Falta meia hora."),
        ("Compre ½ kg.", "Compre meio quilo."),
        ("Ligue (11) 91234-5678.", "Ligue 1 1, 9 1 2 3 4, 5 6 7 8."),
        (
            "O Sr. Silva, p. ex., mora na Av. Brasil, nº 5.",
            "O senhor Silva, por exemplo, mora na avenida Brasil, número 5.",
        ),
        ("Em 44 a.C.", "Em 44 antes de Cristo."),
        ("Pão, leite etc.", "Pão, leite etcétera."),
        ("Ganhou de 3-2.", "Ganhou de 3 a 2."),
        ("De 1990-1995.", "De 1990 a 1995."),
        ("10 - 3 = 7", "10 menos 3 é igual a 7"),
        ("É a v1.5.", "É a versão 1 ponto 5."),
        ("Um e/ou outro.", "Um e ou outro."),
        ("D. João VI e D. Maria II.", "dom João sexto e dona Maria segunda."),
        ("Faz 30º.", "Faz 30 graus."),
        ("Nasceu em 12/out/1492.", "Nasceu em 12 de outubro de 1492."),
        ("Dia 25/12.", "Dia 25 de dezembro."),
        ("Tel. (21) 2555-1234.", "telefone 2 1, 2 5 5 5, 1 2 3 4."),
        ("Emite CO2.", "Emite C O 2."),
        ("São 22 mesas e 102 mulheres.", "São vinte e duas mesas e cento e duas mulheres."),
        ("Chama V. Exa.", "Chama vossa excelência."),
        ("Custa R$ 10 - R$ 15.", "Custa 10 a 15 reais."),
        ("Há 1.002 casas e 1.200 ruas.", "Há mil e duas casas e mil e duzentas ruas."),
        ("Vieram 2 mil pessoas.", "Vieram duas mil pessoas."),
        ("A Sr.ª Lima e o prof. Reis.", "A senhora Lima e o professor Reis."),
        ("É a 100ª edição, um dos 1os lugares.", "É a centésima edição, um dos primeiros lugares."),
        ("O 10o andar.", "O décimo andar."),
        ("Natal é 25/12.", "Natal é 25 de dezembro."),
        ("De 8h30-12h30.", "De 8 e 30 às 12 e 30."),
        ("Ganhou por 3 x 1.", "Ganhou por 3 a 1."),
        ("Junte ½ xícara.", "Junte meia xícara."),
        ("CEP 01310-100.", "CEP 0 1 3 1 0, 1 0 0."),
        ("Nos séculos XV-XVI.", "Nos séculos quinze dezesseis."),
        ("Silva & Cia.", "Silva e companhia."),
        ("Mora em S. Paulo.", "Mora em São Paulo."),
        ("Gasta 5 l/100 km.", "Gasta 5 litros por 100 quilômetros."),
        ("Aberto 24/7.", "Aberto 24 7."),
        ("Em 2020-21.", "Em 2020 21."),
        ("Vale R$ 1.000.000.", "Vale um milhão de reais."),
        ('Uma tela de 27".', "Uma tela de 27 polegadas."),
        ("CPF 123.456.789-00.", "CPF 1 2 3, 4 5 6, 7 8 9, 0 0."),
        ("Pague em 2x sem juros.", "Pague em duas vezes sem juros."),
        ("Das 9-12h, em 1º/05/2023.", "Das 9 às 12 horas, em primeiro de maio de 2023."),
    ],
)
def test_hard_text_is_said(text: str, spoken: str) -> None:
    assert verbalise(Sentence(text), "pt").text == spoken


@pytest.mark.parametrize(
    "text",
    [
        "Peguei a I-95 e vi um vídeo em 1080p no meu iPhone 15.",
        "O CEO disse que em 2025 não haverá cortes.",
        "Ouvi a rádio AM.",
        "Tirei 1 em matemática e 10 em português.",
        "Um A320 ou um Boeing 747.",
        "Windows 11 e Ubuntu 22.04 com Python 3.11.",
        "A sala B2 fica no prédio C-3.",
        "O COVID-19 mudou tudo.",
        "Malcolm X falou do plano B.",
        "É 1 dos 3 melhores.",
        "O jogo do 4x4 acabou.",
        "Em 2 de maio saímos; em 22 voltamos.",
        "O dia 2 foi bom, tenho 2 a mais.",
    ],
)
def test_what_only_looks_hard_is_left(text: str) -> None:
    sentence = Sentence(text)
    assert verbalise(sentence, "pt") is sentence


@pytest.mark.parametrize(
    "text",
    [
        "O Sr. Silva chegou.",
        "Veja a pág. 12 do livro.",
        "No séc. XIX era assim.",
        "A Av. Brasil é longa.",
    ],
)
def test_an_abbreviation_does_not_end_a_sentence(text: str) -> None:
    assert split(text, Reading("pt")) == (Sentence(text),)


@pytest.mark.parametrize("pattern", HOSTILE)
def test_hostile_text_costs_little(pattern: str) -> None:
    assert grows_slowly(lambda text: apply(Sentence(text), rules_for("pt")), pattern)
