"""Phonemes that espeak-ng says in a language are those that a voice of it has learnt.

A voice's own map has some 150 symbols, whatever it was trained on. tests/support/inventories.py writes this module.
"""

INVENTORIES: dict[str, tuple[str, str, str]] = {
    "ar": (
        "l ʔ m r n t j b ʕ d s w q h ħ k f dʒ s̪ ʃ t̪ ð χ θ dˤ z ɣ dː x bː kː tː",
        "a aː i iː u uː", "iːaː uːaː",
    ),
    "bg": (
        "t n s r v k p d m ɫ l j z ɡ b tʃ ʃ ʒ f x ɲ rʲ vʲ tʲ bʲ ʂ dʲ mʲ tː",
        "o e ɐ a i iː ə u", "oiː ae",
    ),
    "ca": (
        "s t n ɾ k m p l r z β ð w d f b ɣ ʒ ʎ j ŋ ɡ ʃ ɲ dʒ ɱ tʃ",
        "ə i a u e o ɛ ɔ", "iə iu uə eə",
    ),
    "cs": (
        "t s l n m v k d r p ɲ j z b h tʃ ʃ c x ʒ ɟ r̝̊ r̝ f r̩ ɡ ŋ l̩",
        "e o i a iː u aː eː uː", "oʊ eɪ aʊ eʊ",
    ),
    "cy": (
        "n r ɡ l s k d m t b j p h v w ð f ŋ z dʒ θ ʃ ɬ x tʃ ç",
        "a ɛ ɔ ɨ ø iː ɑː ʌ ʊ eː ə ɨː oː uː",
        "aɪ ɑɨ ɔɨ əɪ uɨ eʊ aɨ aʊ ɪu eːa ʌa ɨːa ɑːɔ øa ɑːø əɨ oːa ʌɛ aʌ øʌ øɨ uːɛ iːɛ",
    ),
    "da": (
        "ʔ s n t l k ð m ʁ d f b ʋ p ɡ j h ŋ w ʃ dʒ",
        "ə ʌ e a i ε ɑ o ɒ œ u y ɛ ɐ̯ eː ɔ iː",
        "εɐ̯ ɒɒ iə œɐ̯ oɐ̯ eɐ̯ iɐ̯ uɐ̯ ɑɑ ɛɐ̯ ɒə yɐ̯ eʌ oə ɛʌ yə iʌ uə ia aa ɒɐ̯ ʌɐ̯ aɪ",
    ),
    "de": (
        "t n l s r f ɾ ɡ k m d b ʃ v z ç p h ŋ x j tʃ",
        "ə ɛ a ɪ ɑː iː eː oː ɜ ʊ ɔ uː yː ɛː ʏ œ øː ɑ", "aɪ aʊ ɔø ʊɐ eːə",
    ),
    "el": (
        "s r t n p m l k ð f c θ v ɣ j x ç d z b ŋ ɡ ʎ ɲ",
        "i a o e u", "eo ea ai oɪ aɪ eu ei ao ee ae",
    ),
    "en-gb": (
        "t n s l d k ɹ m p z f b v ŋ w ʃ ɡ dʒ j h tʃ θ ð ʒ",
        "ɪ ə ɛ ɐ æ iː ɒ ʌ uː ɔː ɑː ɜː ʊ", "eɪ aɪ əʊ iə aʊ eə ɔɪ uːə uːɪ",
    ),
    "en-us": (
        "n t s ɹ l d k m p z f b v ŋ w ʃ ɡ ɾ dʒ h j tʃ θ ð ʒ",
        "ɪ ə ɛ æ ɚ iː ɑː ᵻ i ʌ uː ɔː ɜː ɐ ʊ ɔ", "eɪ aɪ oʊ aʊ iə ɔɪ uːə",
    ),
    "es": (
        "s ɾ n t k m l p ð j θ β ɣ d x w f r b ʎ tʃ ɲ ʝ ɡ ŋ",
        "a e o i u ɛ", "ea eo aʊ aɪ eɪ eʊ ee oɪ",
    ),
    "es-419": (
        "s ɾ n t k m j l p ð β ɣ d x w f r b ʝ tʃ ɲ ɡ ŋ",
        "a e o i u ɛ", "ea eo aʊ aɪ eɪ eʊ ee oɪ",
    ),
    "eu": (
        "ɾ n k t l s̺ r β m ð ɣ j p s̻ d ɲ f ɡ b tʃ ʎ ʃ ɟ θ",
        "a e i o u", "aɪ aʊ ua ee ue oa eʊ oe ea eɪ ae ui uu au oɪ ou",
    ),
    "fa": (
        "r n m d t s b h l ʃ k z j q v f x ɡ dʒ ʔ p tʃ ʒ",
        "a ɑ e i o eː uː u aː iː oː ɑː", "ɑiː",
    ),
    "fi": (
        "t s n l k m v r h p j tː d ŋ kː pː ɡ f b",
        "a e ɪ o æ u i aː y æː uː eː iː oː ɪː ø yː",
        "ai oi uo ie ei au æi æy yø ui ou eu ua oa ea yi øy eæ ae øi ue yæ aːɪ æe",
    ),
    "fr": (
        "ʁ s t l k p m j d n v z f b ʒ w ʃ ɡ ɲ",
        "a i e ɛ ɑ̃ o y ɔ̃ ɔ ə u ɛ̃ œ ø oː", "yi ea ey",
    ),
    "he": (
        "v m t ʔ h l r χ n ʃ s d j k f ɡ z b dʃ",
        "i a o ə e u", "",
    ),
    "hi": (
        "ɾ n k s t m l p j ʋ h d b ɟ ɡ ʃ r ʈ c kʰ dʰ bʰ ɳ tʰ ʂ pʰ ɖ cʰ ŋ ʈʰ tː ɡʰ z ɟʰ w ɲ cː f kː dʰː",
        "aː ə ʌ ɪ eː i ʊ oː iː uː õ ɛː ẽː ã ɔː ĩ ɛ ɔ ũ", "aːi aːɪ aːeː ʌi aːẽː",
    ),
    "hu": (
        "t l n k r m ʃ s d ɡ v j z h b p f tː ɟ ɲ tʃ bː ɟː kː sː tʃː ʎ dː",
        "ɛ ɑ i o eː aː ø u øː oː y iː uː yː", "ɑi ɑu ɛi ɛɑ ɛu",
    ),
    "id": (
        "n r t k m s l p b d ŋ h ɡ dʒ ɲ tʃ w j f v x",
        "a ə i u ɛ o ɔ e", "ia aɪ ua aa aʊ eə ui ou ɛa iu əa",
    ),
    "is": (
        "r d n s l m h ɡ ð ʋ f b j ɟ ɾ t θ k ɣ ŋ x c ɲ p",
        "a ɪ y ɛ ɛː ə ɔ i aː ɪː iː ɔː œ œː yː u uː", "eɪ eɪː aʊː aʊ aɪ oʊː oʊ aɪː øyː øy ua",
    ),
    "it": (
        "t n s ɾ l k m p r d v f tʃ z tː j b ɡ dʒ w ɲ kː ʃ pː dʒː ʎ bː ŋ tʃː sː zː",
        "a e o i ɪ ɛ ɔ ʊ u", "ɛi aʊ ea ʊa ɔi ai aɪ ʊo ɛa eʊ",
    ),
    "ka": (
        "r n l s k m d t b v ɡ tʰ z p pʰ ʃ x tʃ kʰ h dʒ sʰ ɣ q",
        "i a u e o", "ia iu ai ua ie oe ei au io ea eo aa eu ao ue ii ae ui oa ee",
    ),
    "kk": (
        "j t n ɾ l s ɫ k m w d b ɡ v p z f q ʃ ʔ x ʒ ŋ tʃ ʀ dʒ",
        "ɑ ɪ ə o e a u æ ʊ ɵ", "ɑə eo",
    ),
    "lb": (
        "n ʀ ʃ t l z k m p b d s v g h ɳ f j ʒ ɕ ʁ tʃ dʃ w ʑ",
        "eː aː ɑ ə oː i iː o u uː æ e yː ɛː ɑ̃ː y œː",
        "ɑɪ iə iɑ æːɪ ɜɪ ɑʊ oɪ əʊ iaː uə uaː ɛːə uɑ iːə ɑoː ui æːʊ ioː əiː oaː eːaː ɑə ɑi əɑ əaː ɐoː eaː iːaː iu ɑiː",
    ),
    "lt": (
        "s k t r tʲ n p j m rʲ ɡ nʲ ʂ ɭ vʲ kʲ d l̩ mʲ v dʲ b ʒ ɕ bʲ pʲ ʃ sʲ z f ɭʲ tɕʲ nʲʲ ʂʲ tɕ dʑʲ ɕʲ dʑ ʒʲ",
        "a oː e i ɪ u iː uː aː", "ee ai ie au ei uo eu eɑ ui ʊo ɪe aɪ ɑi",
    ),
    "lv": (
        "s t r k m l n d ʋ p j b z ɡ ʃ ʎ ɲ f ʒ ŋ lː c tʃ ɟ h",
        "a i u aː e iː eː o æ aːː æː uː oː", "ie uo au ai ei ieː ioː aiː uaː ui iaː",
    ),
    "ml": (
        "n j s ɾ m ʈ l ɡ b v k ɖ r d ʂ p ɭ kː ɳ c ɟ pʰ h ŋ t pː tː ɲ ɕ tʰ kʰ dʰ bʰ ɡʰ",
        "i ɐ aː ə oː ɨ e u iː eː uː o ɪ", "aɪ aʊ",
    ),
    "nb": (
        "r n t l s k m v d f ɡ p b h ŋ ʃ tː j kː pː x ɡː dː bː",
        "a ə ɛ ɑ ɪ eː iː ɔ uː ʉ ʉː oː øː œ y yː ʊ aː ɛː", "aɪ øy aʊ ɔa oːa",
    ),
    "ne": (
        "n ɾ l j k s m r ʈ b p ɖ ɡ ɟ t w h pʰ c ŋ bʰ d ʃ ɳ ʂ kː tʰ kʰ dʰ ɲ ɡʰ",
        "aː ə ɪ eː oː u i ʌ iː uː ʊ ɪː ã ɛː", "aːɪ aːʊ aːi aːoː oːaː ʌɪ eːʊ uɪ",
    ),
    "nl": (
        "n t r l s k d ɣ m v b p x z ʋ h ŋ f j ʃ w",
        "ə aː ɑ ɛ eː i ɪ ɔ oː u ɵ y ɪː ɔː øː", "ɛɪ œy ʌʊ iə eːaː iaː",
    ),
    "pl": (
        "t s r n p j k m v d l w z tɕ ʃ b ɡ ɲʲ f dʑ tʃ ɕ ʒ x ɲ vʲ ŋ mʲ kʲ pʲ ʑ fʲ ɡʲ bʲ ɣ dʒ",
        "ɛ a ɔ ɨ i u ɔ̃ ɔː ɛ̃", "ɔi",
    ),
    "pt": (
        "t s ŋ d ɾ ɹ k m p l ʃ ʒ n z v w f ɡ b ʁ j ɲ ʎ r",
        "ɐ i u ɨ ʊ e a ə ɛ o ɔ ɐ̃ ɑ ũ õ", "eɪ ɐ̃ʊ̃ aɪ aʊ eʊ iʊ oɪ uɐ uɪ oɐ",
    ),
    "pt-br": (
        "s t ŋ ɾ k r m p d z l n v w tʃ j f ɡ b dʒ x ʒ ʃ ɲ",
        "i a e æ o ʊ y u ə ɛ ɐ̃ ɔ ũ õ", "eɪ ɐ̃ʊ̃ aʊ aɪ eʊ iʊ ɛʊ oɪ uɪ ea uæ oæ",
    ),
    "ro": (
        "t n l s ɾ k m p r d j v tʃ f b ɡ z ʃ dʒ ʒ w sʲʲ ŋ h ɾʲʲ ɾʲ tʲʲ rʲ nʲʲ nʲ tʃʲ sʲ",
        "e a i u o ə ɨ ɔ", "ea iɪ ɔa uɪ eɪ iʊ aɪ aʊ eu eo oʊ əʊ eʊ",
    ),
    "ru": (
        "t s j n r ɭ k p v m tʲ d nʲ rʲ ɭʲ sʲ tʃʲ vʲ z b dʲ ɡ mʲ x ʃ ʒ f pʲ kʲ ɕ bʲ ʑ ɡʲ fʲ",
        "ʌ i ɑ a o u e ɪ y ɛ", "iɪ yɪ iʌ ʌʌ ʌi yʌ",
    ),
    "sk": (
        "s t r n v l k m p d j tʲ ɲ b z h ʃ tʃ dʲ x ʒ w ʎ f r̩ ɡ ŋ dʑ l̩",
        "e o i a u iː aː eː uː oː", "oʊ uo au eu",
    ),
    "sl": (
        "n r t s j l p d k m ʋ w z b ɡ tʃ ʃ ʒ h x ɲ f ʎ ŋ",
        "ɔ ɛ a i aː eː iː oː u ə uː ɔː", "",
    ),
    "sr": (
        "t r s n v k m d l p j ɡ b z tʃ ʃ ɲ ʒ tɕ ʎ h f x dʑ ŋ",
        "o ɛ ɐ ɪ a i ʊ e u ɑ ə aː", "ɐo ɛo aʊ oɪ ao",
    ),
    "sv": (
        "r t n s l k d m v f ɡ p b j h ŋ x ʂ tː ɕ kː",
        "a ə ɛ ɪ iː eː ɑː ɔ uː oː øː ɵ ʉ œ ɛː y yː ʊ", "uːə",
    ),
    "sw": (
        "k n r s l m j t b d ɡ tʃ p w v ŋ ɟ z ɾ f h ʃ ɣ ɲ θ x ð",
        "a i e o u", "ia ai ua ii ea au io ui ie ao aa oa eo ei ee oo oe eu iu ue ou",
    ),
    "te": (
        "n r j l k s m ʈ ʋ b ɡ p ɖ ɟ ʂ t c d pʰ h ɳ ɕ tʰ kʰ bʰ dʰ ɭ ɡʰ",
        "a aː i oː u e iː eː uː o", "aɪ aʊ",
    ),
    "tr": (
        "n k d m r j s t ɫ l ɾ b ʃ z h ɟ p tʃ dʒ v f ɡ tː ʒ c kː",
        "a ɪ ɛ ɯ e i ʊ ɔ æ o ø u œ y aː oː ʊː", "ɯɯ aːɯ",
    ),
    "uk": (
        "r n s β j t̪ k d m p z l t ɲ h b tʃ ʎ ʃ f x ʒ d̪ ɡ ɣ dʒ sʲ",
        "a o iː ɪ ɛ u", "",
    ),
    "ur": (
        "r m n t l h s d b k ɟ z f ʋ q ʃ p ɡ x j ʈ ʂ c ɖ kʰ ʐ ɣ bʰ cʰ dʰ tʰ ɟʰ ʈʰ",
        "aː a ə eː ɪ i ʌ iː ʊ oː uː ɛ õː ẽː ãː ɔ", "aɪ aːi aːeː ai aːẽː aːɪ aːa",
    ),
    "vi": (
        "n ŋ w t̪ m j k z tʃ s ɲ l t ɗ h b c p v x f ɣ d ð ʒ ʐ",
        "aː e i ɔ o ə u ɛ a əː y", "iɛ aːɜ yə aɜ oɜ əɜ eɜ iɜ uə ɛɜ ɔɜ uɜ əɪ yɜ əːɜ iə oaː",
    ),
    "cmn": (
        "n t s h ŋ tɕ j k ɕ p w l ɡ χ f m ʐ r",
        "i o ɑ u ə a y ɜ i̪", "iɛ ɑu iɜ iɑ ai əɜ ei uo ou ɑɜ uɜ oɜ aɜ uə ua yɛ yə yɜ yæ",
    ),
}  # fmt: skip
"""espeak-ng's language to its consonants, vowels and diphthongs, in order of frequency, with blanks between.

Among the vowels are those alone that a syllable has without another beside it.
"""
