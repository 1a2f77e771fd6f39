import pytest

from hailo_piper.text.language_hint import likely_language

TEXTS = {
    "en": "The weather is fine today, and you are all invited to come with us to the garden.",
    "de": "Das Wetter ist heute schön, und wir sind alle im Garten. Ich komme auch.",
    "fr": "Le temps est beau aujourd'hui et nous sommes dans le jardin avec les enfants.",
    "es": "El tiempo es muy bueno hoy y los niños están en el jardín con sus amigos.",
    "it": "Il tempo è bello oggi e i bambini sono nel giardino con gli amici della scuola.",
    "pt": "O tempo está bom hoje e as crianças não estão em casa, mas no jardim com os amigos.",
    "nl": "Het weer is mooi vandaag en de kinderen zijn in de tuin met een vriend van school.",
    "pl": "Pogoda jest dziś ładna i dzieci nie są w domu, ale na dworze z kolegami.",
}


@pytest.mark.parametrize(("language", "text"), TEXTS.items())
def test_a_text_shows_its_language(language: str, text: str) -> None:
    assert likely_language(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hello.",
        "5 km",
        "Der Spiegel",
        "Привет, как дела? Это очень хорошо.",
        "Nintendo OLED, 64 GB",
        "la la la la",
    ],
)
def test_what_is_too_little_to_tell_shows_none(text: str) -> None:
    assert likely_language(text) is None
