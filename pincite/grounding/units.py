"""Units of measure and currencies, reduced to a dimension and a factor."""

from __future__ import annotations

from typing import Final, NamedTuple


class Unit(NamedTuple):
    dimension: str
    """What can be compared: `length`, `mass`, `USD`, `%` …; empty for a bare number."""
    factor: float
    """What to multiply by to get the dimension's base unit."""


NO_UNIT: Final = Unit("", 1.0)

_TABLE: Final = {
    "%": "% 1 % percent pct percentage points point pp|.01 bps bp",
    "length": "length 1 m metre metres meter meters|1000 km kilometre kilometres kilometer "
    "kilometers|.01 cm centimetre centimetres centimeter centimeters|.001 mm millimetre "
    "millimetres millimeter millimeters|1609.344 mile miles mi|.3048 ft foot feet|.0254 inch "
    "inches|.9144 yard yards",
    "mass": "mass 1 kg kilogram kilograms kilo kilos|.001 g gram grams|1e-6 mg milligram "
    "milligrams|1000 t tonne tonnes ton tons|.45359237 lb lbs pound_mass|.0283495 oz ounce ounces",
    "time": "time 1 s sec secs second seconds|.001 ms millisecond milliseconds|60 min mins minute "
    "minutes|3600 h hr hrs hour hours|86400 day days|604800 week weeks|2629800 month months|"
    "31557600 year years yr yrs|315576000 decade decades",
    "volume": "volume 1 l litre litres liter liters|.001 ml millilitre millilitres milliliter "
    "milliliters|1000 m3 m³|3.785411784 gallon gallons",
    "energy": "energy 1 kwh|1000 mwh|1e6 gwh|.001 wh|2.7777778e-7 joule joules",
    "power": "power 1 w watt watts|1000 kw kilowatt kilowatts|1e6 mw megawatt megawatts|1e9 gw",
    "area": "area 1 m2 m² sqm|10000 ha hectare hectares|1e6 km2 km²|4046.8564 acre acres|"
    ".09290304 sqft",
    "data": "data 1 byte bytes|1e3 kb|1e6 mb|1e9 gb|1e12 tb",
    "temperature": "celsius 1 °c celsius|fahrenheit 1 °f fahrenheit",
    "pressure": "pressure 1 bar bars|.001 mbar|.00001 pa|.01 kpa hpa|10 mpa|.0689476 psi",
    "speed": "speed 1 km/h kph kmh|1.609344 mph|3.6 m/s",
    "voltage": "voltage 1 v volt volts|1000 kv",
    "current": "current 1 a amp amps ampere amperes",
    "frequency": "frequency 1 hz hertz|1e3 khz|1e6 mhz|1e9 ghz",
    "share": "share 1 people persons person",
}
_CURRENCIES: Final = {
    "USD": "$ us$ usd dollar dollars",
    "EUR": "€ eur euro euros",
    "GBP": "£ gbp pound pounds sterling",
    "JPY": "¥ jpy yen",
    "CHF": "chf franken",
    "INR": "₹ inr rupee rupees",
    "CNY": "cny rmb yuan renminbi",
    "cent": "cent cents ¢",
}


def _read_table() -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for name, row in _TABLE.items():
        dimension = name
        for group in row.split("|"):
            parts = group.split()
            if not _is_number(parts[0]):
                dimension, parts = parts[0], parts[1:]
            units.update({alias: Unit(dimension, float(parts[0])) for alias in parts[1:]})
    for code, aliases in _CURRENCIES.items():
        units.update({alias: Unit(code, 1.0) for alias in aliases.split()})
    return units


def _is_number(text: str) -> bool:
    return text[0].isdigit() or text[0] == "."


_UNITS: Final = _read_table()
CURRENCIES: Final = frozenset(_CURRENCIES)


def unit_of(name: str) -> Unit | None:
    """The unit that a word or sign means, or None; upper and lower case are not told apart."""
    return _UNITS.get(name.casefold().rstrip("."))
