"""What made-up tables and records are made of; none of it means anyone."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from scripts.train_checker.lists import listed, words

Value = Callable[[Random], str]
Column = tuple[str, Value, tuple[str, ...]]
"""Header or label, its values, and ways to state one: `{}` is the value, `{row}` whose it is."""

_FIRST: Final = (
    "Anna Marco Lena Tariq Sofia Piet Mei Oskar Ruth Diego Hana Igor Nia Paul Vera Yusuf"
)
_LAST: Final = (
    "Keller Rossi Haddad Novak Chen Brandt Okoye Silva Lind Moreau Sato Weiss Dunn Petrov"
)
PEOPLE: Final = [f"{a} {b}" for a in _FIRST.split() for b in _LAST.split()]
PRODUCTS: Final = listed(
    "Pump A,Pump B,North crane,Engine 4,Filter kit,Desk lamp,Oak table,Steel rack,Garden hose,"
    "Model X2,Model X5,Red wine,Olive oil,Rye bread,Hard drive,Keyboard,Winter tyre,Solar panel,"
    "Bicycle,Tent,Sleeping bag,Heat pump,Water tank,Printer,Office chair,Cement,Copper wire,"
    "Insurance,Cloud services,Hardware,Licences,Consulting,Europe,Asia,North America,Retail,"
    "Wholesale"
)
CITIES: Final = listed(
    "Hamburg,Leeds,Porto,Santa Barbara,Nashville,Tampa,Tucson,Reno,Boise,Lyon,Ghent,Turin,Malmo,"
    "Cork,Graz,Basel,Dallas,Austin,Goleta,Carpinteria,Philadelphia,New Orleans,Saint Louis,"
    "Edmonton"
)
STREETS: Final = listed(
    "Main Street,State St,Oak Avenue,Harbour Road,W Carrillo St,Mill Lane,Church Street,"
    "Station Road,Ortega Hill Rd,Park Avenue,King Street,E Haley St,Lake Drive,Market Square,"
    "Elm St,Bridge Street"
)
BUSINESSES: Final = listed(
    "Blue Heron Cafe,The Copper Pot,Luna Pizzeria,Harbour Fish House,Green Leaf Kitchen,"
    "Old Mill Bakery,Taco Verde,Sakura Sushi,The Brass Lantern,Corner Books,City Nails,"
    "Sunset Auto Repair,Rosa's Diner,Golden Wok,Peak Fitness,Maple Street Deli,Casa Bonita Grill,"
    "The Velvet Bean,Pine & Plate"
)
KINDS: Final = listed(
    "Restaurants,Mexican,Italian,Bars,Nightlife,Coffee & Tea,Bakeries,Pizza,Seafood,Sushi Bars,"
    "Breakfast & Brunch,Burgers,Vegan,Sandwiches,Steakhouses,Thai,Indian,Delis,Wine Bars,Fast Food"
)
MONTHS: Final = words(
    "January February March April May June July August September October November December"
)
WEEK: Final = words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
FEATURES: Final = (
    ("OutdoorSeating", "offers outdoor seating", "does not offer outdoor seating"),
    ("WiFi", "provides WiFi", "has no WiFi"),
    ("RestaurantsTakeOut", "offers takeout", "does not offer takeout"),
    ("RestaurantsDelivery", "delivers food", "does not deliver"),
    ("RestaurantsReservations", "takes reservations", "does not accept reservations"),
    ("RestaurantsGoodForGroups", "is suitable for groups", "is not suitable for groups"),
    ("Music", "has live music", "has no music"),
    ("BusinessAcceptsCreditCards", "accepts credit cards", "does not accept credit cards"),
    ("WheelchairAccessible", "is wheelchair accessible", "is not wheelchair accessible"),
    ("DogsAllowed", "allows dogs", "does not allow dogs"),
    ("GoodForKids", "is good for kids", "is not a place for kids"),
    ("HasTV", "has televisions", "has no television"),
    ("Alcohol", "serves alcohol", "serves no alcohol"),
    ("BikeParking", "has bike parking", "has no bike parking"),
    ("ParkingGarage", "has a parking garage", "has no parking garage"),
    ("ParkingStreet", "offers street parking", "has no street parking"),
    ("ParkingValet", "offers valet parking", "has no valet parking"),
    ("AmbienceRomantic", "has a romantic ambience", "is not a romantic place"),
    ("AmbienceCasual", "has a casual atmosphere", "does not have a casual atmosphere"),
    ("AmbienceTrendy", "is described as trendy", "is not considered trendy"),
)  # fmt: skip
"""Key, and how a text affirms and denies it."""


def money(rng: Random) -> str:
    amount = rng.choice([rng.randint(3, 99), rng.randint(100, 9_999), rng.randint(10_000, 990_000)])
    sign = rng.choice("$€£")
    return (
        f"{sign}{amount:,}.{rng.randint(0, 99):02}" if rng.random() < 0.4 else f"{sign}{amount:,}"
    )


def count(rng: Random) -> str:
    return (
        f"{rng.choice([rng.randint(2, 99), rng.randint(100, 999), rng.randint(1_000, 99_000)]):,}"
    )


def share(rng: Random) -> str:
    return f"{rng.randint(1, 99)}%" if rng.random() < 0.5 else f"{rng.uniform(0.5, 99):.1f}%"


def day(rng: Random) -> str:
    return f"{rng.randint(1, 28)} {rng.choice(MONTHS)} {rng.randint(1990, 2026)}"


def year(rng: Random) -> str:
    return str(rng.randint(1950, 2026))


def metres(rng: Random) -> str:
    return f"{rng.randint(2, 900)} {rng.choice(['m', 'km', 'kg', 'kW', 'litres', 'tonnes'])}"


def person(rng: Random) -> str:
    return rng.choice(PEOPLE)


def place(rng: Random) -> str:
    return rng.choice(CITIES)


def code(rng: Random) -> str:
    return f"{rng.choice('ABKRTX')}{rng.randint(100, 9999)}"


_OF: Final = (
    "The {head} of {row} is {}.",
    "{row} has a {head} of {}.",
    "For {row}, the {head} was {}.",
)
COLUMNS: Final[list[Column]] = [
    ("Price", money, ("{row} costs {}.", "The price of {row} is {}.")),
    ("Revenue", money, (*_OF, "{row} generated revenue of {}.")),
    ("Cost", money, ("The cost of {row} amounts to {}.", "{row} cost {}.")),
    ("Visitors", count, ("{row} had {} visitors.", "{} visitors came to {row}.")),
    ("Orders", count, ("There were {} orders for {row}.", "{row} received {} orders.")),
    ("Employees", count, ("{row} has {} employees.", "{} people work for {row}.")),
    ("Growth", share, ("{row} grew by {}.", "The growth of {row} was {}.")),
    ("Margin", share, _OF),
    ("Share", share, ("{row} holds a share of {}.", "The share of {row} is {}.")),
    ("2021", money, ("In 2021, {row} stood at {}.", "{row} amounted to {} in 2021.")),
    ("2022", money, ("In 2022, {row} stood at {}.", "{row} amounted to {} in 2022.")),
    ("2023", money, ("In 2023, {row} stood at {}.", "{row} amounted to {} in 2023.")),
    ("Delivered", day, ("{row} was delivered on {}.", "The delivery of {row} took place on {}.")),
    ("Founded", year, ("{row} was founded in {}.", "{row} dates from {}.")),
    ("Weight", metres, _OF),
    ("Manager", person, ("{} is the manager of {row}.", "{row} is managed by {}.")),
    ("Location", place, ("{row} is located in {}.", "The location of {row} is {}.")),
    ("Part number", code, ("{row} has the part number {}.", "The part number of {row} is {}.")),
]
FORM_LABELS: Final[list[Column]] = [
    ("Date", day, ("The form is dated {}.", "It was issued on {}.")),
    ("Invoice No", code, ("The invoice number is {}.", "It is invoice {}.")),
    ("Total", money, ("The total is {}.", "The total amount comes to {}.")),
    ("Subtotal", money, ("The subtotal is {}.", "Before tax it amounts to {}.")),
    ("Tax", money, ("The tax is {}.", "{} of tax were charged.")),
    ("Cash", money, ("{} were paid in cash.", "The customer gave {} in cash.")),
    ("Change", money, ("The change was {}.", "{} were given back as change.")),
    ("Name", person, ("The form names {}.", "The name on it is {}.")),
    ("Cashier", person, ("The cashier was {}.", "{} was at the till.")),
    ("Approved by", person, ("It was approved by {}.", "{} approved it.")),
    ("City", place, ("The city is {}.", "The address is in {}.")),
    ("Quantity", count, ("The quantity is {}.", "{} pieces were ordered.")),
    ("Due date", day, ("Payment is due on {}.", "It has to be paid by {}.")),
    ("Discount", share, ("A discount of {} was given.", "The discount is {}.")),
    ("Weight", metres, ("The weight is given as {}.",)),
    ("Reference", code, ("The reference is {}.", "Its reference reads {}.")),
]
