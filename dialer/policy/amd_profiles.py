"""How each profile listens for machines: the numbers that policy/amd goes by, and what they weigh.

They were chosen on the calls for validation (docs/amd.md), never on those of the test.
"""

from dataclasses import dataclass

from dialer.model.amd import AmdProfile


@dataclass(frozen=True, slots=True)
class Stair:
    """Silence of `silence_s` after speech is a person's when p_machine is at most `p_most`."""

    p_most: float
    silence_s: float


@dataclass(frozen=True, slots=True)
class AmdSettings:
    """Numbers of one profile. Chances 0 to 1; `_s`: seconds of audio since the answer."""

    machine_p: float = 0.945
    machine_scores: int = 2
    """So many scores in a row of at least `machine_p` are a MACHINE."""
    least_speech_s: float = 1.2
    """Who has said less has not shown what he is, however sure the trees are."""
    least_snr_db: float = 4.0
    """Speech that stands out less from the noise tells no machine: a room of voices speaks on."""
    stairs: tuple[Stair, ...] = (Stair(0.1, 0.6), Stair(0.21, 0.7), Stair(0.38, 1.03))
    forced_silence_s: float = 1.25
    """So much silence after speech ends all doubt: who waits must be answered."""
    forced_machine_p: float = 0.87
    forced_speech_s: float = 0.4
    """Who is silent then has said all he has to say: less of it shows what he is."""
    few_words_s: float = 0.9
    """So much speech before a tone may be a television: no greeting is so brief."""
    word_s: float = 0.3
    """So much speech after such a tone is a person's."""
    fragment_gap_s: float = 0.15
    """What lost packets part by less is one tone."""
    burst_gap_s: float = 1.2
    """A busy signal's next burst, or a SIT, is over by so long after a burst or a step."""
    no_speech_s: float = 4.0
    limit_s: float = 7.0
    limit_machine_p: float = 0.86
    late_s: float = 6.0
    """The second look: so long after a verdict other than MACHINE."""
    late_p: float = 0.9
    late_scores: int = 3
    cue_silence_s: float = 2.0
    """So much silence after a recording is the moment to leave a message, if no beep came."""
    cue_limit_s: float = 60.0
    prompt_least_s: float = 1.5
    prompt_most_s: float = 9.0
    """An assistant's question is speech of such length, then silence without a beep."""
    audio_late_s: float = 1.0
    """Audio that is so far behind does not come any more."""


NEVER = 1.01
"""A chance that no score has."""
PROFILES: dict[AmdProfile, AmdSettings] = {
    AmdProfile.CONSUMER: AmdSettings(),
    AmdProfile.BUSINESS: AmdSettings(
        machine_p=0.975,
        machine_scores=3,
        least_speech_s=1.6,
        forced_machine_p=NEVER,
        limit_machine_p=NEVER,
        late_p=0.95,
    ),
}
"""OFF has no settings: nobody listens."""


def settings_of(profile: AmdProfile) -> AmdSettings | None:
    """The numbers of a profile; None when nobody is to listen."""
    return PROFILES.get(profile)
