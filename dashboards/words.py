"""What the server itself says to people, in Bahasa Indonesia and in English; built pages have words of their own."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["id", "en"]
Words: TypeAlias = Mapping[str, str]
# In Bahasa Indonesia, and in English.
Sentence: TypeAlias = tuple[str, str]

LANGUAGES: tuple[Language, ...] = ("id", "en")


class Unfit(ValueError):  # noqa: N818  it says what is so
    """What somebody wrote that cannot be taken, and why, in both languages."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence[1])
        self.in_indonesian = sentence[0]


_SCREEN: Mapping[str, tuple[str, str]] = {
    "since": ("sejak", "since"),
    "second": ("dtk", "s"),
    "no_picture": ("TIDAK ADA GAMBAR", "NO PICTURE"),
    "no_picture_yet": ("BELUM ADA GAMBAR", "NO PICTURE YET"),
    "sign_in": ("Masuk", "Sign in"),
    "name": ("Nama", "Name"),
    "password": ("Kata sandi", "Password"),
    "wrong": ("Nama atau kata sandi salah.", "Wrong name or password."),
    "wait": ("Terlalu banyak percobaan. Tunggu beberapa menit.", "Too many attempts. Wait a few minutes."),
}

_KINDS: Mapping[str, tuple[str, str]] = {
    "fibre_point": ("Titik serat optik", "Fibre points"),
    "hotspot": ("Hotspot publik", "Public hotspots"),
    "village_internet": ("Internet desa", "Village internet"),
    "gateway": ("Gateway", "Gateway"),
    "feeder": ("Penyulang PLN", "Power feeder"),
    "camera": ("Kamera CCTV", "Cameras"),
    "water_level": ("Tinggi muka air", "Water level"),
    "weather": ("Cuaca", "Weather"),
    "air_quality": ("Kualitas udara", "Air quality"),
    "power": ("Listrik", "Power"),
    "street_light": ("Lampu jalan", "Street lights"),
    "traffic_counter": ("Penghitung lalu lintas", "Traffic counters"),
    "service": ("Aplikasi", "Applications"),
}

_METRICS: Mapping[str, tuple[str, str]] = {
    "rx_power_dbm": ("daya optik", "optical power"),
    "rtt_seconds": ("waktu tempuh", "round trip"),
    "packet_loss_ratio": ("paket hilang", "packet loss"),
    "traffic_in_bytes_total": ("data masuk", "data in"),
    "traffic_out_bytes_total": ("data keluar", "data out"),
    "uptime_seconds": ("lama hidup", "uptime"),
    "temperature_celsius": ("suhu", "temperature"),
    "on_mains": ("listrik PLN", "on mains"),
    "clients": ("pengguna", "clients"),
    "signal_dbm": ("sinyal", "signal"),
    "frame_age_seconds": ("umur gambar", "frame age"),
    "brightness_ratio": ("kecerahan", "brightness"),
    "frames_per_second": ("gambar per detik", "frames per second"),
    "sharpness": ("ketajaman", "sharpness"),
    "motion_ratio": ("gerakan", "motion"),
    "masked_motion_ratio": ("gerakan di area topeng", "motion in masked area"),
    "connection_grade": ("mutu sambungan", "connection grade"),
    "people": ("orang", "people"),
    "vehicles": ("kendaraan", "vehicles"),
    "dark": ("gelap", "dark"),
    "overexposed": ("terlalu terang", "overexposed"),
    "covered": ("tertutup", "covered"),
    "sprayed": ("disemprot cat", "sprayed"),
    "defocused": ("tidak fokus", "defocused"),
    "frozen": ("gambar beku", "frozen"),
    "moved": ("bergeser", "moved"),
    "signal_lost": ("sinyal hilang", "signal lost"),
    "level_metres": ("tinggi air", "level"),
    "battery_ratio": ("baterai", "battery"),
    "humidity_ratio": ("kelembapan", "humidity"),
    "pressure_pascals": ("tekanan udara", "pressure"),
    "rainfall_millimetres_per_hour": ("curah hujan", "rainfall"),
    "wind_speed_metres_per_second": ("kecepatan angin", "wind speed"),
    "wind_direction_degrees": ("arah angin", "wind direction"),
    "pm2_5_micrograms_per_cubic_metre": ("PM2,5", "PM2.5"),
    "pm10_micrograms_per_cubic_metre": ("PM10", "PM10"),
    "voltage_volts": ("tegangan", "voltage"),
    "current_amperes": ("arus", "current"),
    "power_watts": ("daya", "power"),
    "frequency_hertz": ("frekuensi", "frequency"),
    "on": ("menyala", "on"),
    "vehicles_total": ("kendaraan", "vehicles"),
    "speed_metres_per_second": ("kecepatan", "speed"),
    "occupancy_ratio": ("kepadatan", "occupancy"),
    "available": ("tersedia", "available"),
    "response_seconds": ("waktu jawab", "response time"),
    "status_code": ("kode HTTP", "HTTP status"),
    "certificate_remaining_seconds": ("sisa sertifikat", "certificate left"),
}


def preferred(accepted: str | None) -> Language | None:
    """The first of our languages in an Accept-Language (RFC 9110, 12.5.4), as the browser lists them."""
    for part in (accepted or "").split(","):
        code = part.partition(";")[0].strip().lower().partition("-")[0]
        for language in LANGUAGES:
            if code == language:
                return language
    return None


def words(language: Language) -> Words:
    """On pictures, and before the door."""
    return _in(language, _SCREEN)


def kind_words(language: Language) -> Words:
    """Names of kinds; one not listed shows its own name."""
    return _in(language, _KINDS)


def metric_words(language: Language) -> Words:
    """Names of metrics; one not listed shows its own name."""
    return _in(language, _METRICS)


def _in(language: Language, table: Mapping[str, tuple[str, str]]) -> Words:
    column = 0 if language == "id" else 1
    return {key: both[column] for key, both in table.items()}
