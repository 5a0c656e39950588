"""The words of the pages that stand before the door, in Bahasa Indonesia and in English."""

from collections.abc import Mapping

from dashboards.words import Language, Words, words

_DOOR: Mapping[str, tuple[str, str]] = {
    "remember": ("Ingat ponsel ini", "Remember this phone"),
    "provider": ("Masuk dengan akun pemerintah daerah", "Sign in with your organisation's account"),
    "provider_remember": ("… dan ingat ponsel ini", "… and remember this phone"),
    "or": ("atau", "or"),
    "no_role": (
        "Akun Anda dikenal, tetapi tidak diberi peran di Pantau. Mintalah kepada pengelola akun.",
        "Your account is known, but has no role in Pantau. Ask whoever looks after accounts for one.",
    ),
    "name_taken": (
        "Nama akun Anda sudah dipakai akun lain di Pantau. Mintalah pengelola Pantau memeriksanya.",
        "Your account's name belongs to another account of Pantau. Ask its administrator to look into it.",
    ),
    "no_name": (
        "Akun Anda tidak mempunyai nama yang dapat dipakai di Pantau. Mintalah pengelola akun memeriksanya.",
        "Your account has no name that Pantau can use. Ask whoever looks after accounts to look into it.",
    ),
    "provider_away": (
        "Layanan masuk tidak dapat dihubungi. Masuklah dengan nama dan kata sandi, atau coba lagi nanti.",
        "The sign-in service cannot be reached. Sign in with a name and password, or try again later.",
    ),
    "provider_refused": (
        "Layanan masuk tidak mengizinkan Anda. Coba lagi, atau masuklah dengan nama dan kata sandi.",
        "The sign-in service did not let you in. Try again, or sign in with a name and password.",
    ),
    "not_proven": (
        "Jawaban layanan masuk tidak dapat dipercaya atau sudah kedaluwarsa. Coba lagi.",
        "The answer of the sign-in service cannot be trusted, or came too late. Try again.",
    ),
    "wrong_token": (
        "Token layar ini tidak membuka apa pun: salah tulis, atau sudah dicabut.",
        "This screen's token opens nothing: it is misspelt, or was revoked.",
    ),
    "no_wall_token": (
        "Token ini bukan token layar. Buatlah satu dengan peran wall: layar hanya membaca.",
        "This is no screen's token. Make one of the role wall: a screen only reads.",
    ),
    "database": ("Basis data belum dapat dihubungi.", "The database cannot be reached yet."),
    "retries": (
        "Halaman ini mencoba lagi sendiri setiap 30 detik.",
        "This page tries again by itself every 30 seconds.",
    ),
    "beginning": ("Ke halaman awal", "To the first page"),
    "one_moment": ("Sebentar …", "One moment …"),
}


def door_words(language: Language) -> Words:
    """These, and the screens' own."""
    column = 0 if language == "id" else 1
    return {**words(language), **{key: both[column] for key, both in _DOOR.items()}}
