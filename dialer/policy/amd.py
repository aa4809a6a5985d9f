"""Person or machine: the verdict from what the detector hears, and what it goes on to listen for.

The errors are not alike. A person taken for a machine is a silent call, which the law counts; a
machine taken for a person costs an agent ten seconds. So MACHINE needs strong evidence that lasts,
doubt goes to an agent, and whoever falls silent is answered within 1.25 s, since the law's two
seconds run from the end of the greeting (16 CFR 310.4(b)(4)(ii)).

A Listener takes what the detector heard (`hear`) and the time since the answer (`expire`), and
returns findings. It knows no clock and no audio. After its verdict it listens on: for a recording
behind what sounded like a person (second look), or for the moment to leave a message.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from dialer.model.amd import (
    Cause,
    Heard,
    PrintMatch,
    PrintMeaning,
    Score,
    Tone,
    Verdict,
)
from dialer.policy.amd_meanings import (
    BUSY_MOST_HZ,
    RECORDING,
    SAYING_MACHINE,
    SAYING_NOTHING,
    TAKES_MESSAGE,
)
from dialer.policy.amd_profiles import AmdSettings


class Stage(StrEnum):
    LISTENING = "LISTENING"
    SECOND_LOOK = "SECOND_LOOK"
    AFTER_MACHINE = "AFTER_MACHINE"
    DONE = "DONE"


class Cue(StrEnum):
    """When to speak to a machine."""

    BEEP = "BEEP"
    SILENCE = "SILENCE"
    NONE = "NONE"
    """Never: it does not stop talking, or takes no message."""


@dataclass(frozen=True, slots=True)
class Decided:
    """The verdict. `greeting_end_s`: end of the speech it rests on, where it rests on a pause.

    `print_name`: the known recording, where the cause is FINGERPRINT."""

    verdict: Verdict
    cause: Cause
    at_s: float
    p_machine: float
    onset_s: float | None = None
    greeting_end_s: float | None = None
    print_name: str | None = None


@dataclass(frozen=True, slots=True)
class LateMachine:
    """The second look found a recording where an agent talks already."""

    cause: Cause
    at_s: float
    p_machine: float


@dataclass(frozen=True, slots=True)
class TurnedOutScreened:
    """What was called MACHINE asked briefly and waits in silence, without a beep."""

    at_s: float


@dataclass(frozen=True, slots=True)
class MessageCue:
    """Now, or never, a message may be left."""

    cue: Cue
    at_s: float


Finding = Decided | LateMachine | TurnedOutScreened | MessageCue


SAME_HZ = 30.0
"""Beeps no further apart come from one thing."""


@dataclass(slots=True)
class Listener:
    """The ear on one answered call. `stage` DONE: nothing more will be found, close the tap."""

    settings: AmdSettings
    stage: Stage = Stage.LISTENING
    decided: Decided | None = None
    _last: Score = field(default_factory=lambda: Score(0.0, 0.5, None, 0.0, 0.0, 0, 0.0))
    _in_a_row: int = 0
    _burst: Tone | None = None
    """A tone with hardly any speech before it: a beep, unless more of a busy signal or a SIT, or
    somebody's words follow. Nothing is decided until then."""
    _said_s: float = 0.0
    """Speech before it."""
    _room_hz: float | None = None
    """Of what beeps again and again, if anything does."""

    def hear(self, heard: Heard) -> list[Finding]:
        """What follows from one tick's scores, tones and prints, taken in order of time."""
        found = [f for item in _in_order(heard) for f in self._take(item)]
        if heard.fault is not None and self.stage is Stage.LISTENING:
            found += self._decide(Verdict.UNSURE, Cause(heard.fault.value), self._last)
        return found

    def give_up(self) -> list[Finding]:
        """No more audio comes: what is not decided is UNSURE, and no moment to speak is awaited."""
        if self.stage is Stage.LISTENING:
            return self._decide(Verdict.UNSURE, Cause.NO_AUDIO, self._last)
        if self.stage is Stage.AFTER_MACHINE:
            return self._cue(Cue.NONE, self._last.at_s)
        self.stage = Stage.DONE
        return []

    def _take(self, item: Score | Tone | PrintMatch) -> list[Finding]:
        if isinstance(item, Score):
            return self._take_score(item)
        if isinstance(item, Tone):
            return self._take_tone(item)
        return self._take_print(item)

    def _take_score(self, score: Score) -> list[Finding]:
        self._last = score
        match self.stage:
            case Stage.LISTENING:
                return self._listen(score)
            case Stage.SECOND_LOOK:
                return self._look_again(score)
            case Stage.AFTER_MACHINE:
                return self._await_cue(score)
            case Stage.DONE:
                return []

    def _listen(self, score: Score) -> list[Finding]:
        limits = self.settings
        if self._burst is not None and not self._is_talked_over(score):
            is_over = score.at_s >= self._burst.end_s + limits.burst_gap_s
            return self._believe_beep(self._burst, score.at_s) if is_over else []
        if score.onset_s is None:
            return self._listen_to_nothing(score)
        if self._counts(score, limits.machine_p) >= limits.machine_scores:
            return self._decide(Verdict.MACHINE, Cause.SPEECH, score)
        if score.silence_s > 0.0:
            found = self._hear_pause(score)
            if found:
                return found
        return self._end_of_time(score) if score.at_s >= limits.limit_s else []

    def _listen_to_nothing(self, score: Score) -> list[Finding]:
        if score.at_s < self.settings.no_speech_s:
            return []
        cause = Cause.DIGITAL_SILENCE if score.is_digital_silence else Cause.NO_SPEECH
        return self._decide(Verdict.UNSURE, cause, score)

    def _hear_pause(self, score: Score) -> list[Finding]:
        limits = self.settings
        if score.silence_s >= limits.forced_silence_s:
            if self._tells_machine(score, limits.forced_machine_p, limits.forced_speech_s):
                return self._decide(Verdict.MACHINE, Cause.SPEECH, score)
            return self._decide(Verdict.HUMAN, Cause.PAUSE, score)
        for stair in limits.stairs:
            if score.silence_s >= stair.silence_s and score.p_machine <= stair.p_most:
                return self._decide(Verdict.HUMAN, Cause.PAUSE, score)
        return []

    def _end_of_time(self, score: Score) -> list[Finding]:
        limits = self.settings
        if self._tells_machine(score, limits.limit_machine_p, limits.least_speech_s):
            return self._decide(Verdict.MACHINE, Cause.SPEECH, score)
        if score.p_machine <= 0.5:
            return self._decide(Verdict.HUMAN, Cause.SPEECH, score)
        return self._decide(Verdict.UNSURE, Cause.TIME_LIMIT, score)

    def _look_again(self, score: Score) -> list[Finding]:
        assert self.decided is not None
        if self._counts(score, self.settings.late_p) >= self.settings.late_scores:
            return self._find_late(Cause.SPEECH, score.at_s)
        if score.at_s >= self.decided.at_s + self.settings.late_s:
            self.stage = Stage.DONE
        return []

    def _await_cue(self, score: Score) -> list[Finding]:
        assert self.decided is not None
        if score.silence_s >= self.settings.cue_silence_s:
            found: list[Finding] = []
            if self._is_prompt(score):
                found.append(TurnedOutScreened(score.at_s))
            return found + self._cue(Cue.SILENCE, score.at_s)
        if score.at_s >= self.decided.at_s + self.settings.cue_limit_s:
            return self._cue(Cue.NONE, score.at_s)
        return []

    def _is_prompt(self, score: Score) -> bool:
        assert self.decided is not None
        limits = self.settings
        is_of_length = limits.prompt_least_s <= score.speech_s <= limits.prompt_most_s
        return self.decided.cause is Cause.SPEECH and is_of_length

    def _take_tone(self, tone: Tone) -> list[Finding]:
        cause = SAYING_MACHINE.get(tone.kind)
        if cause is None:
            return []
        match self.stage:
            case Stage.LISTENING if cause is Cause.BEEP:
                return self._hear_beep(tone)
            case Stage.LISTENING:
                return self._decide(Verdict.MACHINE, cause, self._last, at_s=tone.told_s)
            case Stage.SECOND_LOOK:
                return self._find_late(cause, tone.told_s)
            case Stage.AFTER_MACHINE:
                is_beep = cause is Cause.BEEP
                return self._cue(Cue.BEEP if is_beep else Cue.NONE, tone.told_s)
            case Stage.DONE:
                return []

    def _hear_beep(self, tone: Tone) -> list[Finding]:
        if self._is_of_room(tone):
            self._burst = None
            return []
        if self._last.speech_s <= self.settings.few_words_s:
            self._burst, self._said_s = tone, self._last.speech_s
            return []
        return self._believe_beep(tone, tone.told_s)

    def _is_of_room(self, tone: Tone) -> bool:
        """A recorder beeps once; an alarm or a lorry again and again, and so does, lower down, a
        busy signal."""
        burst, hz = self._burst, tone.frequency_hz
        if burst is not None and hz > BUSY_MOST_HZ and abs(hz - burst.frequency_hz) < SAME_HZ:
            is_again = tone.begin_s - burst.end_s > self.settings.fragment_gap_s
            self._room_hz = hz if is_again else self._room_hz
        return self._room_hz is not None and abs(hz - self._room_hz) < SAME_HZ

    def _is_talked_over(self, score: Score) -> bool:
        """After a recorder's beep nobody speaks; who does lets something beep in his room."""
        if score.speech_s < self._said_s + self.settings.word_s:
            return False
        self._burst = None
        return True

    def _believe_beep(self, tone: Tone, at_s: float) -> list[Finding]:
        found = self._decide(Verdict.MACHINE, Cause.BEEP, self._last, at_s=at_s)
        return found + self._cue(Cue.BEEP, at_s)

    def _take_print(self, match: PrintMatch) -> list[Finding]:
        if match.meaning in SAYING_NOTHING:
            return []
        if self.stage is Stage.SECOND_LOOK:
            return self._find_late(Cause.FINGERPRINT, match.told_s)
        if self.stage is not Stage.LISTENING:
            return []
        is_screening = match.meaning is PrintMeaning.SCREENING
        verdict = Verdict.SCREENED if is_screening else Verdict.MACHINE
        found = self._decide(verdict, Cause.FINGERPRINT, self._last, match.told_s, match.name)
        if match.meaning in RECORDING:
            return found
        return found + self._cue(Cue.NONE, match.told_s)

    def _counts(self, score: Score, least: float) -> int:
        """How many scores in a row, with this one, are at least so sure of a machine."""
        is_sure = self._tells_machine(score, least, self.settings.least_speech_s)
        self._in_a_row = self._in_a_row + 1 if is_sure else 0
        return self._in_a_row

    def _tells_machine(self, score: Score, least: float, speech_s: float) -> bool:
        """Sure enough, and of enough speech that was clear enough to be sure of."""
        is_enough = score.speech_s >= speech_s and score.snr_db >= self.settings.least_snr_db
        return is_enough and score.p_machine >= least

    def _decide(
        self,
        verdict: Verdict,
        cause: Cause,
        score: Score,
        at_s: float | None = None,
        print_name: str | None = None,
    ) -> list[Finding]:
        end = score.at_s - score.silence_s if score.silence_s > 0.0 else None
        at_s = score.at_s if at_s is None else at_s
        p_machine, onset_s = score.p_machine, score.onset_s
        self.decided = Decided(verdict, cause, at_s, p_machine, onset_s, end, print_name)
        self._in_a_row = 0
        self.stage = _stage_after(verdict, cause)
        return [self.decided]

    def _find_late(self, cause: Cause, at_s: float) -> list[Finding]:
        self.stage = Stage.DONE
        return [LateMachine(cause, at_s, self._last.p_machine)]

    def _cue(self, cue: Cue, at_s: float) -> list[Finding]:
        self.stage = Stage.DONE
        return [MessageCue(cue, at_s)]


def _stage_after(verdict: Verdict, cause: Cause) -> Stage:
    if verdict in (Verdict.HUMAN, Verdict.UNSURE):
        return Stage.SECOND_LOOK
    return Stage.AFTER_MACHINE if cause in TAKES_MESSAGE else Stage.DONE


def _in_order(heard: Heard) -> Iterator[Score | Tone | PrintMatch]:
    """Tones and prints before the score of the same instant, which may rest on them."""
    told: list[tuple[float, int, Score | Tone | PrintMatch]] = []
    told += [(tone.told_s, 0, tone) for tone in heard.tones]
    told += [(match.told_s, 0, match) for match in heard.prints]
    told += [(score.at_s, 1, score) for score in heard.scores]
    yield from (item for _, _, item in sorted(told, key=lambda one: one[:2]))
