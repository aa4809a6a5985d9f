"""Voices and notices of the lab as 8 kHz mono WAV files.

Spoken by espeak-ng through sox where both are installed, else bursts of tone with the rhythm of
speech: enough to bridge, record and detect activity, not enough to judge a detector.
"""

import math
import shutil
import subprocess
import wave
from array import array
from pathlib import Path

RATE_HZ = 8000

SPEECH = {
    "hello_fr": ("fr", "Allô ? Oui, bonjour, qui est à l'appareil ?"),
    "hello_en": ("en", "Hello? Yes, who is it?"),
    "voicemail_fr": (
        "fr",
        "Bonjour, vous êtes bien sur la messagerie de Paul Durand. Je ne suis pas disponible pour"
        " le moment. Merci de laisser un message après le bip.",
    ),
    "intercept_fr": ("fr", "Le numéro que vous avez demandé n'est pas attribué."),
    "agent_fr": (
        "fr",
        "Bonjour, je suis votre conseiller. Je vous écoute. Un instant, je vérifie.",
    ),
}
NOTICES = {
    "safe_harbour_fr": (
        "fr",
        "Bonjour. Ceci est un appel commercial de la société Exemple. Aucun conseiller n'est"
        " disponible. Pour ne plus être appelé, composez le 01 00 00 00 00. Au revoir.",
    ),
    "safe_harbour_en": (
        "en",
        "Hello. This is a sales call from Example Limited. No agent is free to speak to you."
        " To stop these calls, dial 0 1 0 0 0 0 0 0 0 0. Goodbye.",
    ),
}


def write_audio(texts: dict[str, tuple[str, str]], folder: Path) -> None:
    """One file per text in `folder`; files already there are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (language, text) in texts.items():
        path = folder / f"{name}.wav"
        if path.exists():
            continue
        if not _speak(language, text, path):
            _hum(len(text) * 0.06, path)


def _speak(language: str, text: str, path: Path) -> bool:
    espeak, sox = shutil.which("espeak-ng"), shutil.which("sox")
    if not espeak or not sox:
        return False
    raw = path.with_suffix(".raw.wav")
    spoken = subprocess.run([espeak, "-v", language, "-w", str(raw), text], check=False)
    if spoken.returncode == 0:
        shape = ["-r", str(RATE_HZ), "-c", "1", "-b", "16"]
        spoken = subprocess.run([sox, str(raw), *shape, str(path), "norm", "-6"], check=False)
    raw.unlink(missing_ok=True)
    return spoken.returncode == 0 and path.exists()


def _hum(seconds: float, path: Path) -> None:
    """Syllables of 0.2 s at 4 Hz, three seconds of them before each half second of breath."""
    samples = array("h")
    for index in range(int(seconds * RATE_HZ)):
        now = index / RATE_HZ
        is_voiced = now % 0.25 < 0.2 and now % 3.5 < 3.0
        tone = sum(math.sin(2 * math.pi * hertz * now) for hertz in (180, 360, 720))
        samples.append(int(4000 * tone) if is_voiced else 0)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.tobytes())
