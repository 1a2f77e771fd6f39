"""English words and names that espeak-ng says wrongly have their pronunciation here.

An operator's lexicon comes before this list.
"""

WORDS = {
    "Nguyen": "/wɪn/", "Niamh": "/niːv/", "Saoirse": "/ˈsɪɹʃə/", "Fiennes": "/faɪnz/", "Rihanna": "/ɹiˈænə/",
    "Joaquin": "/wɑːˈkiːn/", "Joaquín": "/wɑːˈkiːn/", "Guillermo": "/ɡiːˈjɛɹmoʊ/", "Giuseppe": "/dʒuːˈsɛpi/",
    "Chalamet": "/ˌʃæləˈmeɪ/", "Timothée": "/ˈtɪmətˌeɪ/", "Chopin": "/ˈʃoʊpæn/", "Dvořák": "/ˈdvɔːɹʒɑːk/",
    "Debussy": "/dəˈbjuːsi/", "Goethe": "gurta", "Sartre": "/ˈsɑːɹtɹə/", "Foucault": "/fuːˈkoʊ/",
    "Descartes": "/deɪˈkɑːɹt/", "Renault": "/ˈɹɛnoʊ/", "Hermès": "/ɛɹˈmɛz/", "Givenchy": "/ʒiːvɑːnˈʃiː/",
    "Balenciaga": "/bəˌlɛnsiˈɑːɡə/", "Xiaomi": "/ˈʃaʊmi/", "Huawei": "/ˈwɑːweɪ/", "Citroën": "/ˈsɪtɹoʊˌɛn/",
    "Qatar": "/kəˈtɑːɹ/", "Xi'an": "/ʃiːˈɑːn/", "Gdańsk": "/ɡəˈdænsk/", "Łódź": "/wuːtʃ/", "Lyon": "/liːˈɔn/",
    "Cannes": "/kæn/", "Versailles": "/vɛɹˈsaɪ/", "Reykjavik": "/ˈɹeɪkjəvˌɪk/", "Tucson": "/ˈtuːsɑːn/",
    "Curaçao": "/ˈkjʊɹəsˌaʊ/",
    "quinoa": "/ˈkiːnwɑː/", "acai": "/ˌɑːsɑːˈiː/", "açaí": "/ˌɑːsɑːˈiː/", "bruschetta": "/bɹuːˈskɛtə/",
    "charcuterie": "/ʃɑːɹˈkuːtəɹi/", "gnocchi": "/ˈnjɑːki/", "kimchi": "/ˈkɪmtʃi/", "jalapeño": "/ˌhæləˈpeɪnjoʊ/",
    "jalapeños": "/ˌhæləˈpeɪnjoʊz/", "fajita": "/fəˈhiːtə/", "fajitas": "/fəˈhiːtəz/", "hors d'oeuvre": "or derv",
    "victuals": "vittles", "ennui": "/ɑːnˈwiː/",
    "kubectl": "cube control", "PostgreSQL": "post gress cue ell", "Postgres": "post gress", "LaTeX": "/ˈleɪtɛk/",
    "Redis": "/ˈɹɛdɪs/", "async": "/ˈeɪsɪŋk/", "enum": "/ˈiːnʌm/",
}  # fmt: skip
"""A word to its respelling, in any case; IPA stands between slashes."""
