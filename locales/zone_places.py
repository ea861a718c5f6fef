"""Places for reading time zones that neither the language data nor tz names contain."""

_MAIN_ZONES = """
Europe/Warsaw Europe/Berlin Europe/Paris Europe/Madrid Europe/Rome Europe/London Europe/Dublin
Europe/Lisbon Europe/Kyiv Europe/Athens Europe/Bucharest Europe/Helsinki Europe/Istanbul
Europe/Moscow Europe/Minsk Europe/Samara Asia/Yekaterinburg Asia/Omsk Asia/Novosibirsk
Asia/Krasnoyarsk Asia/Irkutsk Asia/Yakutsk Asia/Vladivostok Asia/Magadan Asia/Kamchatka
America/New_York America/Chicago America/Denver America/Los_Angeles America/Phoenix
America/Anchorage Pacific/Honolulu America/Toronto America/Winnipeg America/Edmonton
America/Vancouver America/Halifax America/St_Johns America/Mexico_City America/Tijuana
America/Bogota America/Lima America/Caracas America/Santiago America/Sao_Paulo
America/Argentina/Buenos_Aires America/Manaus America/Noronha Atlantic/Azores
Atlantic/Cape_Verde Africa/Casablanca Africa/Abidjan Africa/Lagos Africa/Algiers Africa/Cairo
Africa/Johannesburg Africa/Nairobi Asia/Jerusalem Asia/Baghdad Asia/Riyadh Asia/Dubai
Asia/Tbilisi Asia/Baku Asia/Yerevan Asia/Tehran Asia/Kabul Asia/Karachi Asia/Tashkent
Asia/Almaty Asia/Kolkata Asia/Kathmandu Asia/Dhaka Asia/Yangon Asia/Bangkok Asia/Ho_Chi_Minh
Asia/Jakarta Asia/Shanghai Asia/Hong_Kong Asia/Singapore Asia/Taipei Asia/Manila
Australia/Perth Asia/Tokyo Asia/Seoul Australia/Darwin Australia/Adelaide Australia/Sydney
Australia/Melbourne Australia/Brisbane Pacific/Guam Pacific/Noumea Pacific/Auckland
Pacific/Fiji Pacific/Chatham Pacific/Tongatapu Pacific/Apia Pacific/Kiritimati
Pacific/Pago_Pago
"""
MAIN_ZONES = tuple(_MAIN_ZONES.split())
"""Zones that are offered first if several are likely, in this order."""

_CITIES = """
Europe/Warsaw: Kraków, Cracow, Łódź, Wrocław, Poznań, Gdańsk, Gdynia, Szczecin, Bydgoszcz, Lublin,
    Białystok, Katowice, Toruń, Rzeszów, Kielce, Olsztyn, Opole, Zielona Góra
Europe/Berlin: Hamburg, Munich, München, Monachium, Cologne, Köln, Kolonia, Frankfurt, Stuttgart,
    Düsseldorf, Leipzig, Lipsk, Dresden, Drezno, Hannover, Bremen, Nürnberg
Europe/Paris: Marseille, Marsylia, Lyon, Toulouse, Nice, Nicea, Bordeaux, Strasbourg, Strasburg
Europe/Madrid: Barcelona, Valencia, Walencja, Sevilla, Sewilla, Málaga, Bilbao, Córdoba
Europe/Rome: Milan, Milano, Mediolan, Naples, Napoli, Neapol, Turin, Torino, Turyn, Florence,
    Firenze, Florencja, Venice, Venezia, Wenecja, Bologna
Europe/London: Manchester, Birmingham, Liverpool, Leeds, Bristol, Edinburgh, Edynburg, Glasgow,
    Cardiff, Belfast, Cambridge, Oxford
Europe/Dublin: Cork, Galway, Limerick
Europe/Lisbon: Porto
Europe/Amsterdam: Rotterdam, The Hague, Haga, Utrecht, Eindhoven
Europe/Brussels: Antwerp, Antwerpen, Antwerpia, Ghent, Gandawa
Europe/Zurich: Geneva, Genève, Genewa, Basel, Bazylea, Bern, Berno
Europe/Vienna: Graz, Linz, Salzburg
Europe/Prague: Brno, Ostrava, Ostrawa
Europe/Stockholm: Göteborg, Gothenburg, Malmö
Europe/Oslo: Bergen
Europe/Vilnius: Kaunas, Kowno
Europe/Bratislava: Košice, Koszyce
Europe/Athens: Thessaloniki, Saloniki
Europe/Kyiv: Lviv, Lwów, Kharkiv, Charków, Odesa, Odessa, Dnipro
Europe/Minsk: Grodno, Brest, Brześć
Europe/Istanbul: Ankara, Izmir, Antalya
Europe/Moscow: Petersburg, Saint Petersburg, St Petersburg, St. Petersburg, Sankt Petersburg,
    Nizhny Novgorod, Kazan, Kazań
Asia/Yekaterinburg: Chelyabinsk, Czelabińsk, Ufa, Perm
America/New_York: Petersburg, St. Petersburg, St Petersburg, Boston, Miami, Orlando, Atlanta,
    Washington, Philadelphia, Filadelfia, Baltimore, Charlotte, Cleveland, Pittsburgh, Tampa,
    Portland, Alexandria
America/Chicago: Houston, Dallas, Austin, San Antonio, New Orleans, Nowy Orlean, Minneapolis,
    Milwaukee, Nashville, Kansas City, St. Louis, Saint Louis, Memphis, Birmingham
America/Denver: Salt Lake City, Albuquerque
America/Los_Angeles: San Francisco, San Diego, San Jose, Seattle, Portland, Las Vegas, Sacramento
America/Toronto: Ottawa, Montreal, Québec, Hamilton
America/Edmonton: Calgary
America/Sao_Paulo: Rio de Janeiro, Brasilia, Belo Horizonte, Curitiba, Porto Alegre
America/Mexico_City: Guadalajara, Puebla
America/Bogota: Medellín, Cali
America/Caracas: Valencia, Barcelona, Mérida
Africa/Cairo: Alexandria, Aleksandria, Giza
Africa/Johannesburg: Cape Town, Kapsztad, Durban, Pretoria
Africa/Casablanca: Marrakesh, Marrakesz, Rabat
Africa/Lagos: Abuja, Kano
Asia/Jerusalem: Tel Aviv, Tel Awiw, Haifa, Hajfa
Asia/Dubai: Abu Dhabi, Abu Zabi
Asia/Riyadh: Jeddah, Mecca, Mekka
Asia/Karachi: Lahore, Islamabad
Asia/Almaty: Astana
Asia/Kolkata: Mumbai, Bombay, Bombaj, Delhi, New Delhi, Nowe Delhi, Bangalore, Bengaluru, Chennai,
    Hyderabad, Pune
Asia/Ho_Chi_Minh: Saigon, Sajgon, Hanoi
Asia/Shanghai: Beijing, Pekin, Peking, Guangzhou, Shenzhen, Chengdu, Wuhan, Kanton
Asia/Tokyo: Osaka, Kyoto, Kioto, Yokohama, Jokohama, Nagoya, Sapporo, Fukuoka
Asia/Seoul: Busan, Pusan, Incheon
Asia/Jakarta: Bandung, Surabaya
Asia/Makassar: Bali, Denpasar
Australia/Sydney: Canberra, Newcastle
Australia/Brisbane: Gold Coast
Pacific/Auckland: Wellington, Christchurch, Hamilton
"""


def _read(text: str) -> tuple[tuple[str, str], ...]:
    pairs = []
    for entry in text.strip().replace("\n    ", " ").splitlines():
        zone, _, names = entry.partition(":")
        pairs += [(name.strip(), zone) for name in names.split(",")]
    return tuple(pairs)


CITIES = _read(_CITIES)
"""Large cities without a zone of their own, in the languages that clients type."""

COUNTRIES = {
    "us": "US", "usa": "US", "united states of america": "US", "uk": "GB", "gb": "GB",
    "great britain": "GB", "england": "GB", "anglia": "GB", "scotland": "GB", "szkocja": "GB",
    "wales": "GB", "walia": "GB", "uae": "AE", "zea": "AE", "czech republic": "CZ",
    "holland": "NL", "turkey": "TR", "korea": "KR", "nz": "NZ",
}  # fmt: skip
"""Names of countries in addition to those of the language data."""

ABBREVIATIONS = {
    "mez": "cet", "met": "cet", "mesz": "cest", "est5edt": "est", "cst6cdt": "cst",
    "mst7mdt": "mst", "pst8pdt": "pst", "et": "est", "ct": "cst", "mt": "mst", "pt": "pst",
    "eastern": "est", "central": "cst", "mountain": "mst", "pacific": "pst", "eastern time": "est",
    "central time": "cst", "mountain time": "mst", "pacific time": "pst",
}  # fmt: skip
"""Other words for the abbreviations of time zones."""
