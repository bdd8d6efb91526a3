"""Whole numbers in words, as singers of each language say them.

Each function takes a number below 10^12 and returns lower-case words parted by spaces; parts that the spelling joins
(German "einundzwanzig") are given apart, since they are sung apart.
"""

from collections.abc import Callable

from descant.words.data import words_of

_ES = words_of(
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete "
    "veintiocho veintinueve"
)
_ES_TENS = words_of("treinta cuarenta cincuenta sesenta setenta ochenta noventa")
_ES_HUNDREDS = words_of(
    "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
)
_PT = words_of(
    "zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete dezoito "
    "dezenove"
)
_PT_TENS = words_of("vinte trinta quarenta cinquenta sessenta setenta oitenta noventa")
_PT_HUNDREDS = words_of("cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos")
_IT = words_of(
    "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici "
    "diciassette diciotto diciannove"
)
_IT_TENS = words_of("venti trenta quaranta cinquanta sessanta settanta ottanta novanta")
_FR = words_of(
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix~sept dix~huit "
    "dix~neuf"
)
_FR_TENS = words_of("vingt trente quarante cinquante soixante")
_DE = words_of(
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn"
)
_DE_TENS = words_of("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig")
_NL = words_of(
    "nul één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien "
    "achttien negentien"
)
_NL_TENS = words_of("twintig dertig veertig vijftig zestig zeventig tachtig negentig")
_PL = words_of(
    "zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście trzynaście czternaście "
    "piętnaście szesnaście siedemnaście osiemnaście dziewiętnaście"
)
_PL_TENS = words_of(
    "dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt dziewięćdziesiąt"
)
_PL_HUNDREDS = words_of("sto dwieście trzysta czterysta pięćset sześćset siedemset osiemset dziewięćset")


def spanish(number: int) -> str:
    """Return a number in Spanish: 1234 → "mil doscientos treinta y cuatro"."""
    if number < 30:
        return _ES[number]
    if number < 100:
        tens, rest = divmod(number, 10)
        return _ES_TENS[tens - 3] + (f" y {_ES[rest]}" if rest else "")
    if number == 100:
        return "cien"
    if number < 1000:
        return _with(_ES_HUNDREDS[number // 100 - 1], number % 100, spanish)
    if number < 10**6:
        return _with("mil" if number < 2000 else f"{_short(spanish(number // 1000))} mil", number % 1000, spanish)
    millions = number // 10**6
    return _with("un millón" if millions == 1 else f"{_short(spanish(millions))} millones", number % 10**6, spanish)


def _short(text: str) -> str:
    """Return Spanish "uno" as it stands before a noun."""
    if text.endswith("veintiuno"):
        return f"{text[:-3]}ún"
    return text[:-1] if text.endswith("uno") else text


def portuguese(number: int) -> str:
    """Return a number in Portuguese: 1234 → "mil duzentos e trinta e quatro"."""
    if number < 20:
        return _PT[number]
    if number < 100:
        return _with(_PT_TENS[number // 10 - 2], number % 10, portuguese, " e ")
    if number == 100:
        return "cem"
    if number < 1000:
        return _with(_PT_HUNDREDS[number // 100 - 1], number % 100, portuguese, " e ")
    if number < 10**6:
        rest = number % 1000
        joint = " e " if rest <= 100 or rest % 100 == 0 else " "
        return _with("mil" if number < 2000 else f"{portuguese(number // 1000)} mil", rest, portuguese, joint)
    millions = number // 10**6
    name = "um milhão" if millions == 1 else f"{portuguese(millions)} milhões"
    return _with(name, number % 10**6, portuguese, " e ")


def italian(number: int) -> str:
    """Return a number in Italian: 1234 → "mille duecento trentaquattro"."""
    if number < 20:
        return _IT[number]
    if number < 100:
        tens, rest = _IT_TENS[number // 10 - 2], number % 10
        if rest == 3:
            return f"{tens}tré"
        return (tens[:-1] if rest in (1, 8) else tens) + (_IT[rest] if rest else "")
    if number < 1000:
        hundreds = "cento" if number < 200 else f"{_IT[number // 100]}cento"
        return _with(hundreds, number % 100, italian)
    if number < 10**6:
        return _with("mille" if number < 2000 else f"{italian(number // 1000)} mila", number % 1000, italian)
    millions = number // 10**6
    return _with("un milione" if millions == 1 else f"{italian(millions)} milioni", number % 10**6, italian)


def french(number: int) -> str:
    """Return a number in French: 71 → "soixante et onze", 80 → "quatre vingts"."""
    if number < 20:
        return _FR[number].replace("~", " ")
    if number < 60 or 60 <= number < 70:
        tens, rest = _FR_TENS[number // 10 - 2], number % 10
        return tens if not rest else f"{tens} et un" if rest == 1 else f"{tens} {_FR[rest]}"
    if number < 80:
        return "soixante et onze" if number == 71 else f"soixante {french(number - 60)}"
    if number < 100:
        return "quatre vingts" if number == 80 else f"quatre vingt {french(number - 80)}"
    if number < 1000:
        return _with("cent" if number < 200 else f"{_FR[number // 100]} cent", number % 100, french)
    if number < 10**6:
        return _with("mille" if number < 2000 else f"{french(number // 1000)} mille", number % 1000, french)
    millions = number // 10**6
    return _with("un million" if millions == 1 else f"{french(millions)} millions", number % 10**6, french)


def german(number: int) -> str:
    """Return a number in German: 21 → "ein und zwanzig", 1999 as a count, not a year."""
    if number < 20:
        return _DE[number]
    if number < 100:
        tens, rest = _DE_TENS[number // 10 - 2], number % 10
        return f"{_one(_DE[rest])} und {tens}" if rest else tens
    if number < 1000:
        return _with(f"{_one(_DE[number // 100])} hundert", number % 100, german)
    if number < 10**6:
        return _with(f"{_one(german(number // 1000))} tausend", number % 1000, german)
    millions = number // 10**6
    return _with("eine million" if millions == 1 else f"{german(millions)} millionen", number % 10**6, german)


def german_year(number: int) -> str:
    """Return 1100–1999 as a year: 1999 → "neunzehn hundert neun und neunzig"."""
    return _with(f"{_DE[number // 100]} hundert", number % 100, german)


def _one(text: str) -> str:
    return "ein" if text == "eins" else text


def dutch(number: int) -> str:
    """Return a number in Dutch: 21 → "een en twintig"."""
    if number < 20:
        return _NL[number]
    if number < 100:
        tens, rest = _NL_TENS[number // 10 - 2], number % 10
        return f"{_NL[rest]} en {tens}" if rest else tens
    if number < 1000:
        return _with("honderd" if number < 200 else f"{_NL[number // 100]} honderd", number % 100, dutch)
    if number < 10**6:
        return _with("duizend" if number < 2000 else f"{dutch(number // 1000)} duizend", number % 1000, dutch)
    return _with(f"{dutch(number // 10**6)} miljoen", number % 10**6, dutch)


def dutch_year(number: int) -> str:
    """Return 1100–1999 as a year: 1999 → "negentien negen en negentig"."""
    return _with(_NL[number // 100] + ("" if number % 100 else " honderd"), number % 100, dutch)


def polish(number: int) -> str:
    """Return a number in Polish: 1234 → "tysiąc dwieście trzydzieści cztery"."""
    if number < 20:
        return _PL[number]
    if number < 100:
        return _with(_PL_TENS[number // 10 - 2], number % 10, polish)
    if number < 1000:
        return _with(_PL_HUNDREDS[number // 100 - 1], number % 100, polish)
    if number < 10**6:
        return _with(_polish_scale(number // 1000, ("tysiąc", "tysiące", "tysięcy")), number % 1000, polish)
    return _with(_polish_scale(number // 10**6, ("milion", "miliony", "milionów")), number % 10**6, polish)


def _polish_scale(count: int, forms: tuple[str, str, str]) -> str:
    """Return a count with the form of the noun it asks for: one, a few (2–4 but not 12–14), many."""
    if count == 1:
        return forms[0]
    few = count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14)
    return f"{polish(count)} {forms[1] if few else forms[2]}"


def _with(head: str, rest: int, say: Callable[[int], str], joint: str = " ") -> str:
    return f"{head}{joint}{say(rest)}" if rest else head
