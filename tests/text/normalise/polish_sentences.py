"""Polish sentences, and how they are spoken."""

from tests.support.hard_figures import FIGURES

LANGUAGE = "pl"
SPOKEN = (
    # money
    ("2 zł", "2 złote"),
    ("4,50 zł", "4 złote 50 groszy"),
    ("1 zł", "jeden złoty"),
    ("0,99 zł", "99 groszy"),
    ("2,5 mln zł", "2,5 miliona złotych"),
    ("3 tys. zł", "3 tysiące złotych"),
    ("5-10 zł", "5 do 10 złotych"),
    ("20 €", "20 euro"),
    ("12 zł/kg", "12 złotych za kilogram"),
    # cardinal
    ("jest -5 stopni", "jest minus 5 stopni"),
    # date
    ("17 czerwca", "siedemnastego czerwca"),
    ("14.03.2025 r.", "czternastego marca dwa tysiące dwudziestego piątego roku"),
    ("pn.-pt. otwarte", "poniedziałek do piątku otwarte"),
    ("od 3 do 5 maja", "od trzeciego do piątego maja"),
    # year
    ("w 1990 roku", "w tysiąc dziewięćset dziewięćdziesiątym roku"),
    ("w 44 r. p.n.e. w Rzymie", "w czterdziestym czwartym roku przed naszą erą w Rzymie"),
    ("To jest pt. i sobota", "To jest piątek i sobota"),
    ("Idę do wt. i wracam", "Idę do wtorku i wracam"),
    ("w sob. i niedz. zamknięte", "w sobotę i niedzielę zamknięte"),
    ("wiersz pt. Lato", "wiersz pod tytułem Lato"),
    ("do 15.06 trzeba", "do piętnastego czerwca trzeba"),
    ("od 5.10 do 6.10", "od piątego października do szóstego października"),
    ("od 8.00 do 16.30", "od ósmej do szesnastej trzydzieści"),
    ("na przełomie XIX i XX wieku", "na przełomie dziewiętnastego i dwudziestego wieku"),
    ("w 2. rozdziale", "w drugim rozdziale"),
    ("z p. Kowalskiej", "z pani Kowalskiej"),
    ("2499 m n.p.m.", "2499 metrów nad poziomem morza."),
    ("w br. wygrał", "w bieżącym roku wygrał"),
    ("lata 90. były", "lata dziewięćdziesiąte były"),
    ("w latach 90. było", "w latach dziewięćdziesiątych było"),
    # time
    ("o 6.45 rano", "o szóstej czterdzieści pięć rano"),
    # fraction
    ("1/3 l mleka", "jedna trzecia litra mleka"),
    # abbreviation
    ("na ul. Długą", "na ulicę Długą"),
    ("przy ul. Długiej", "przy ulicy Długiej"),
    ("pod św. Anną", "pod świętą Anną"),
    ("św. Jana", "świętego Jana"),
    ("św. Barbara", "święta Barbara"),
    ("Gen. Bem", "generał Bem"),
    # initialism
    ("z USA", "z U S A"),
    ("z 2005 roku", "z dwa tysiące piątego roku"),
    # time
    ("o 14:30", "o czternastej trzydzieści"),
    ("o 8:00", "o ósmej"),
    ("od 8:00 do 16:00", "od ósmej do szesnastej"),
    ("jest 14:30", "jest czternasta trzydzieści"),
    ("o godz. 14", "o godzinie czternastej"),
    ("godz. 8:00-16:00", "godzina ósma do szesnastej"),
    # unit
    ("100 km/h", "100 kilometrów na godzinę"),
    ("50 m²", "50 metrów kwadratowych"),
    ("1,5 kg", "1,5 kilograma"),
    ("2 kg", "2 kilogramy"),
    ("5 kg", "5 kilogramów"),
    ("2 min", "dwie minuty"),
    ("22 h", "20 dwie godziny"),
    ("5 %", "5 procent"),
    ("20°C", "20 stopni Celsjusza"),
    # abbreviation
    ("i itd.", "i i tak dalej."),
    ("przy ul. Długiej", "przy ulicy Długiej"),
    ("ul. Długa", "ulica Długa"),
    ("dr Kowalski", "doktor Kowalski"),
    ("tzn. lekarz", "to znaczy lekarz"),
    ("np. ja", "na przykład ja"),
    ("m.in. on", "między innymi on"),
    ("nr 5", "numer 5"),
    ("ok. 20 osób", "około 20 osób"),
    # roman
    ("w XX wieku", "w dwudziestym wieku"),
    ("XXI wiek", "dwudziesty pierwszy wiek"),
    ("Jan Paweł II", "Jan Paweł drugi"),
    ("Jana Pawła II", "Jana Pawła drugiego"),
    ("II wojna światowa", "druga wojna światowa"),
    ("po II wojnie", "po drugiej wojnie"),
    ("rozdział IV", "rozdział czwarty"),
    ("XIX w.", "dziewiętnastego wieku."),
    # ordinal
    ("3. piętro", "trzecie piętro"),
    ("przed 3. rokiem", "przed trzecim rokiem"),
    # math
    ("4 × 3", "4 razy 3"),
    ("5 - 3 = 2", "5 minus 3 równa się 2"),
    # fraction
    ("1/2 litra", "pół litra"),
    ("2/3", "dwie trzecie"),
    ("½ szklanki", "pół szklanki"),
    ("1 1/2 godziny", "półtorej godziny"),
    # phone
    ("600-700-800", "600, 700, 800"),
    ("+48 22 123 45 67", "plus 48, 22, 123, 45, 67"),
    # range
    ("3:2", "3 do 2"),
    # symbol
    ("R&D", "R i D"),
    ("i/lub", "i lub"),
    # e-mail
    ("anna@przyklad.pl", "anna małpa przyklad kropka P L"),
)
UNCHANGED = (
    "Wzrosło o 2,5 i o 3,5.",
    "Ma lat 30.",
    "Stary człowiek szedł powoli ulicą i myślał o dawnych czasach.",
    "– Idziesz? – zapytała cicho.",
    "Miał troje dzieci i dom nad jeziorem.",
    "Spojrzała na niego - i milczała.",
    "Kupiliśmy 5 jabłek i 12 gruszek.",
    "Droga A7 jest zamknięta.",
    "iPhone 15 jest drogi.",
    "Prezes PKP rozmawiał z UE.",
    "Mieszka w pokoju 1203, a jego PIN to 1234.",
    "Boeing 747 jest duży.",
    "W 1080p obraz jest ładny.",
    "Rozmiar XL się skończył.",
    "Jem witaminę C.",
    "Biegł i biegł, aż się zmęczył.",
    "Windows 10 i wersja 3.5 są stare.",
    "Zadzwoń pod 112.",
    "W 2020 i 2024 tak było.",
    "Mam 3 koty i 2 psy.",
    "O 10 wyszedł.",
    "Nie ma go. Nie wiem.",
    "Widzę V i X.",
    "Nasz pan m. i k. oraz t.",
)
ONE_SENTENCE = (
    "Mieszka przy ul. Długiej.",
    "Dr Kowalski, tzn. lekarz, jest tu.",
    "Zajął 3. miejsce.",
)
PATTERNS = FIGURES
