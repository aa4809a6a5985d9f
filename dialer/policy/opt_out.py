"""Whether a message asks never to be called or written to again.

The rule: it does when it says nothing else. A message is an opt-out when every word of it asks to
stop, says what is to stop, is courtesy, or is the short code that it answers to; then it cannot
be about anything else ("stop by my office tomorrow", "don't stop"). Case, accents, punctuation
and spaces do not matter.

Sources: United States, 47 CFR 64.1200(a)(10), from 11 April 2025: the words of `US_WORDS` in a
reply revoke consent by themselves, and so does whatever a reasonable person would take for
it. France, art. L34-5 code des postes: each message names a plain way to have it end, in practice
STOP, alone or with the five figures of the sender's short code. All other messages are for people
to read, who may block the number themselves.
"""

import re
import unicodedata
from collections.abc import Iterable

MAX_WORDS = 12
"""A longer message tells more than that."""
US_WORDS = ("stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe")
_WORDS = (
    *US_WORDS, "stopp", "s t o p", "stopall", "optout", "unsub",
    "arret", "arrete", "arreter", "arretez", "stopper", "stoppez",
    "desabonnement", "desabonner", "desabonne", "desabonnez", "me desabonner", "desabonnez moi",
    "desinscription", "desinscrire", "desinscrivez", "me desinscrire", "desinscrivez moi",
    "annuler", "resilier", "resiliation", "opposition",
)  # fmt: skip
_THINGS = (
    "sms", "pub", "pubs", "publicite", "publicites", "appel", "appels", "message", "messages",
    "call", "calls", "text", "texts", "calling", "calling me", "texting", "texting me",
    "messaging", "messaging me", "all", "it", "this", "now", "tout", "tous", "ca", "consent",
    "les sms", "les appels", "les messages", "vos sms", "vos appels", "vos messages",
    "the calls", "the texts", "the messages", "all calls", "all texts", "all messages",
    "de m appeler", "de me contacter", "de m ecrire", "de me deranger", "d appeler",
)  # fmt: skip
_SENTENCES = (
    "do not call", "do not call me", "don t call", "don t call me", "dont call me",
    "do not text", "do not text me", "don t text me", "do not contact me", "don t contact me",
    "no more calls", "no more texts", "no more messages", "remove me", "take me off",
    "ne m appelez plus", "ne me rappelez plus", "ne me contactez plus", "ne m ecrivez plus",
    "ne plus m appeler", "ne plus me rappeler", "ne plus me contacter", "ne plus appeler",
    "ne plus m ecrire", "ne pas m appeler", "ne m envoyez plus de sms", "plus d appels",
    "plus de sms", "plus de messages", "retirez moi", "supprimez moi", "enlevez moi",
)  # fmt: skip
_COURTESY = (
    "please", "pls", "plz", "thanks", "thank you", "thx", "no thanks", "no thank you", "hello",
    "hi", "ok", "yes", "immediately", "again", "ever",
    "svp", "stp", "s il vous plait", "s il te plait", "merci", "merci de", "non merci", "bonjour",
    "bonsoir", "madame", "monsieur", "cordialement", "oui", "maintenant", "immediatement",
    "definitivement", "d avance", "tout de suite",
)  # fmt: skip
_SHORT_CODE = "(?:(?:au|to) )?[0-9]{5,6}"
_WORD = re.compile(r"[^\W\d_]+|\d+")


def _one_of(phrases: Iterable[str]) -> str:
    return "|".join(sorted(phrases, key=len, reverse=True))


_STOP = f"(?:(?:{_one_of(_WORDS)})(?: (?:{_one_of(_THINGS)}))?|{_one_of(_SENTENCES)})"
_BESIDE = f"(?:{_one_of(_COURTESY)}|{_SHORT_CODE})"
_OPT_OUT = re.compile(f"(?:{_BESIDE} )*{_STOP}(?: (?:{_STOP}|{_BESIDE}))*")


def asks_to_stop(text: str) -> bool:
    """Whether all that the message says is that its sender wants no more of ours."""
    words = _WORD.findall(_plain(text))
    return len(words) <= MAX_WORDS and _OPT_OUT.fullmatch(" ".join(words)) is not None


def _plain(text: str) -> str:
    """Small letters without accents, and without what is not seen."""
    parts = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in parts if unicodedata.category(c) not in ("Mn", "Cf"))
