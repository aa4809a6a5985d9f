"""Which messages ask never to be called again: by the words of the law, and by no others."""

import pytest

from dialer.policy.opt_out import MAX_WORDS, US_WORDS, asks_to_stop

STOPS = (
    # as the law and the operators have it
    "STOP", "Stop", "stop", "STOP 36105", "STOP36105", "Stop au 36105", "STOP SMS", "stop pub",
    "STOPALL", "stop all", "ARRET", "ARRÊT", "Arrêt", "arre\u0302t", "arrêtez", "DESABONNEMENT",
    "Désabonnement", "désinscription",
    # case, punctuation, spaces, and what is not seen
    "  sToP!!! ", "STOP.", "«STOP»", "'stop'", "S.T.O.P", "s t o p", "Ｓｔｏｐ", "STO\u200bP",
    "\ufeffSTOP", "STOP 🙏", "stop\nstop\nstop", "OPT-OUT", "opt_out",
    # with courtesy, and with what is to stop
    "Stop svp", "stop s'il vous plaît", "Stop s’il te plait merci", "Please stop", "stop, thanks!",
    "Bonjour, stop merci", "Non merci STOP", "ok stop", "Stop calling me", "please stop texting me",
    "arrêtez de m'appeler", "STOP arrêtez vos appels svp", "Merci de me désabonner",
    "ne m'appelez plus", "Ne plus me contacter, merci", "Don't call me again", "remove me please",
)  # fmt: skip
OTHERS = (
    "", "   ", "🙏", "?", "oui", "merci", "ok merci", "non merci", "36105", "au 36105",
    "stop by my office tomorrow", "Please stop by", "don't stop", "do not stop", "ne stop pas",
    "Non stop", "pit stop", "the end", "at the end of the week", "weekend", "stopped",
    "unstoppable",
    "Cancel my 3 pm appointment please", "annuler mon rendez-vous", "quit smoking", "bus stop",
    "Qui êtes-vous ?", "Rappelez-moi demain", "arrêtez-vous chez moi demain", "call me", "stop 12",
    "стоп", "stop стоп", "STOP ou encore", "je ne dis pas stop", "appelez plus tard", "again",
)  # fmt: skip


@pytest.mark.parametrize("text", [*STOPS, *US_WORDS, *map(str.upper, US_WORDS)])
def test_who_says_that_and_nothing_else_opts_out(text):
    assert asks_to_stop(text)


@pytest.mark.parametrize("text", OTHERS)
def test_who_says_anything_else_does_not(text):
    assert not asks_to_stop(text)


def test_a_long_message_is_no_opt_out_and_costs_nothing():
    assert asks_to_stop(" ".join(["stop"] * MAX_WORDS))
    assert not asks_to_stop(" ".join(["stop"] * (MAX_WORDS + 1)))
    assert not asks_to_stop("stop all " * 5 + "x")
    assert not asks_to_stop("stop sms " * 100_000 + "x")
