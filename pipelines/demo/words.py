"""The names that the demo world uses: places, product groups, makers, trades and people, all invented."""

# id, name, kind, region, country, latitude, longitude, time zone, index of the DC that feeds it (-1 for a DC)
SITES = (
    ("LEJ", "Leipzig Zentrallager", "dc", "East", "DE", 51.34, 12.37, "Europe/Berlin", -1),
    ("CGN", "Köln Zentrallager", "dc", "Rhine", "DE", 50.94, 6.96, "Europe/Berlin", -1),
    ("HAM", "Hamburg", "branch", "North", "DE", 53.55, 9.99, "Europe/Berlin", 0),
    ("MUC", "München", "branch", "South", "DE", 48.14, 11.58, "Europe/Berlin", 0),
    ("AAR", "Århus", "branch", "Jutland", "DK", 56.16, 10.20, "Europe/Copenhagen", 0),
    ("GRZ", "Graz", "branch", "Styria", "AT", 47.07, 15.44, "Europe/Vienna", 0),
    ("LGG", "Liège", "branch", "Wallonia", "BE", 50.63, 5.57, "Europe/Brussels", 1),
    ("BES", "Besançon", "branch", "Franche-Comté", "FR", 47.24, 6.02, "Europe/Paris", 1),
)

# name, words for articles, middle unit cost, middle line quantity, kilograms a unit, yearly swing, day of year of the peak,
# pull of cold days
CATEGORIES = (
    ("Fasteners", ("Hex bolt", "Anchor", "Threaded rod", "Wood screw", "Washer"), 0.35, 120.0, 0.03, 0.10, 160, 0.0),
    ("Hand tools", ("Pliers", "Hammer", "Spanner", "Chisel", "Screwdriver"), 11.0, 4.0, 0.5, 0.12, 330, 0.0),
    ("Power tools", ("Drill", "Grinder", "Sander", "Jigsaw", "Rotary hammer"), 95.0, 1.6, 3.2, 0.15, 325, 0.0),
    (
        "Lighting",
        ("Work lamp", "LED tube", "Floodlight", "Emergency light", "Strip light"),
        16.0,
        6.0,
        0.9,
        0.30,
        345,
        0.0,
    ),
    ("Plumbing", ("Ball valve", "Elbow", "Press fitting", "Siphon", "Mixer tap"), 7.5, 12.0, 0.4, 0.08, 100, 0.15),
    (
        "Heating",
        ("Radiator valve", "Pump", "Thermostat", "Expansion vessel", "Pipe insulation"),
        38.0,
        3.0,
        1.8,
        0.45,
        350,
        0.35,
    ),
    ("Safety", ("Safety glove", "Goggles", "Helmet", "Ear defender", "Hi-vis vest"), 4.2, 20.0, 0.2, 0.10, 140, 0.0),
    ("Paint", ("Façade paint", "Primer", "Varnish", "Filler", "Roller"), 13.0, 6.0, 4.5, 0.35, 165, -0.10),
    ("Garden", ("Hose", "Secateurs", "Sprinkler", "Rake", "Soil sieve"), 14.0, 4.0, 1.6, 0.60, 135, -0.15),
    (
        "Electrical",
        ("Cable reel", "Socket", "Junction box", "Circuit breaker", "Cable duct"),
        8.0,
        15.0,
        0.6,
        0.10,
        300,
        0.0,
    ),
)

SUPPLIERS = (
    "Nordmetall", "Südguss", "Ferreol & Fils", "Kragelund", "Bergwerkzeug", "Alpin Licht", "Tuberia Levante", "Vestas Valve",
    "Handschuh Weiß", "Pigment Rhône",
    "Gartenbau Oster", "Elektra Moravia", "Baltic Fix", "Officina Brenta", "Kaltwasser", "Lumière du Jura", "Steinbeck",
    "Polar Pumpe", "Ostsee Draht", "Isolant Meuse",
)  # fmt: skip
SUPPLIER_COUNTRIES = ("DE", "AT", "FR", "DK", "CZ", "IT", "ES", "PL", "CN", "TR")
# id, name, mode, base late share, pull of bad weather, cost factor
CARRIERS = (
    ("PKG", "PaketGo", "parcel", 0.035, 0.030, 1.00),
    ("RDL", "Roadline", "road", 0.050, 0.045, 1.00),
    ("HNS", "Hansa Spedition", "road", 0.040, 0.035, 1.12),
    ("XPR", "Xpress Kurier", "express", 0.015, 0.020, 2.40),
    ("COL", "Colis du Nord", "parcel", 0.045, 0.030, 0.96),
    ("ALP", "Alpentrans", "road", 0.060, 0.060, 0.94),
    ("BLT", "Beltway", "road", 0.055, 0.040, 0.97),
    ("EIL", "Eilbote", "express", 0.020, 0.020, 2.25),
)
TRADES = (
    "Bau",
    "Elektro",
    "Haustechnik",
    "Metallbau",
    "Montage",
    "Sanitär",
    "Objektservice",
    "Facility",
    "Ausbau",
    "Werkstatt",
)
OWNERS = (
    "Albers", "Brandt", "Châtelain", "Dörfler", "Eklund", "Fabre", "Göbel", "Højgaard", "Ivers", "Jansen", "Kübler", "Lefèvre",
    "Möller", "Nørgaard", "Oswald", "Peters",
    "Quandt", "Rößler", "Sørensen", "Thoma", "Ullmann", "Vogt", "Wächter", "Xaver", "Yildiz", "Zeller", "Arnaud", "Bönisch",
    "Carlsen", "Dumont",
)  # fmt: skip
FIRST_NAMES = (
    "Mara",
    "Jonas",
    "Lene",
    "Tim",
    "Aylin",
    "Pierre",
    "Ida",
    "Oskar",
    "Nora",
    "Emil",
    "Clara",
    "Bo",
    "Eva",
    "Luc",
    "Petra",
    "Rune",
    "Inés",
    "Karl",
    "Marie",
    "Finn",
)
LAST_INITIALS = "ABCDEFGHIJKLMNOPRSTUVWZ"
RETURN_REASONS = ("WRONG_ITEM", "DAMAGED", "NOT_NEEDED", "DEFECT")
TICKET_TOPICS = ("late delivery", "short delivery", "damaged goods", "price query", "where is my order")
