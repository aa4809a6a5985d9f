"""Recorded people: prompts of telephone systems, spoken digits and a crowd's words, as greetings.

Machines are the greetings that such a system's own voicemail puts together. People are spoken
digits (free-spoken-digit-dataset) and short prompts, joined to the length of a greeting, and for
training a crowd, which answers as both: the voices are real, the answering is not.
"""

from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.amd.corpus import sounds
from benchmarks.amd.corpus.calls import READING, corner_of, length_of, part_of
from benchmarks.amd.corpus.crowd import Crowd
from benchmarks.amd.corpus.readers import Library, Reader, Shelves, read
from benchmarks.amd.corpus.texts import Corner, Part
from benchmarks.amd.corpus.timeline import Kind, Timeline, Truth
from benchmarks.amd.corpus.voices import RATE_HZ, Samples

DIGIT_SPEAKERS = {
    Part.TRAIN: ("jackson", "nicolas"),
    Part.VAL: ("theo",),
    Part.TEST: ("george", "lucas", "yweweler"),
}
GREETINGS = {
    Library.ASTERISK: (
        ("vm-theperson", "#", "vm-isunavail", "vm-intro"),
        ("vm-theperson", "#", "vm-isonphone", "vm-intro"),
        ("vm-nobodyavail", "vm-intro"),
        ("vm-theperson", "#", "vm-isunavail"),
        ("im-sorry", "vm-nobodyavail", "vm-leavemsg"),
        ("hello", "vm-theperson", "#", "vm-isunavail", "vm-intro"),
        ("queue-thankyou",),
        ("demo-congrats",),
        ("ss-noservice",),
        ("privacy-unident", "vm-goodbye"),
        ("all-circuits-busy-now", "please-try-call-later"),
        ("cannot-complete-as-dialed", "check-number-dial-again"),
    ),
    Library.KAZOO: (
        ("vm-person", "#", "vm-not_available", "vm-record_message"),
        ("vm-person", "#", "vm-not_available", "vm-person_not_available"),
        ("vm-person", "#", "vm-not_available"),
        ("vm-not_available_no_voicemail",),
        ("vm-mailbox_full", "vm-goodbye"),
        ("vm-no_access", "vm-goodbye"),
        ("queue-increase_in_call_volume", "queue-the_estimated_wait_time_is"),
        ("fault-can_not_be_completed_as_dialed",),
        ("fault-can_not_be_completed_at_this_time",),
        ("cf-unauthorized_call", "vm-goodbye"),
        ("cf-doorman_unreachable", "vm-person_not_available"),
    ),
}
"""Prompts in a row; "#" is a number."""
CONSUMER_MOST_S = 3.3
"""Who greets for longer counts as a company: consumers do not."""
COMPANY_SHARE = 0.08
COMPANY_S = (1.8, 3.1)
"""How long a receptionist's greeting is, without the pauses between."""
MOST_DIGITS = 3
CROWD_SHARE = 0.45
"""Of the people, where there is a crowd."""
DIGITS_SHARE = {Part.TRAIN: 0.4, Part.VAL: 0.75, Part.TEST: 0.75}
"""Of the other people. Voices that are paid for reading are seldom people who answer; but they are
the hardest to tell, so there are more of them to learn from."""
CROWD_MACHINES_SHARE = 0.35
NUMBER_GAP_S = (0.03, 0.25)
"""Between the digits of a number that a machine reads."""


class Prompts:
    """Recordings on this machine of one part's people. `digits`: a folder of
    free-spoken-digit-dataset, or None. Raises NoPrompts if a reader is not there."""

    def __init__(
        self, part: Part, digits: Path | None, shelves: Shelves, crowd: Crowd | None = None
    ) -> None:
        self.readers = shelves.readers(part)
        self._shelves = shelves
        self._digits_share = DIGITS_SHARE[part]
        self._crowd = crowd if part is Part.TRAIN else None
        self._digits = [
            sorted((digits / "recordings").glob(f"*_{name}_*.wav")) if digits else []
            for name in DIGIT_SPEAKERS[part]
        ]

    def machine(self, reader: Reader, corner: Corner, random: Random) -> list[list[Samples]]:
        """A voicemail's greeting: its prompts, a number's digits together; or one of the crowd."""
        if self._crowd is not None and random.random() < CROWD_MACHINES_SHARE:
            return self._crowd.recording(corner, random)
        names = self._shelves.names(reader)
        whole = [
            chain for chain in GREETINGS[reader.library] if names.issuperset(set(chain) - {"#"})
        ]
        return [
            self._number(reader, random) if name == "#" else [self._shelves.prompt(reader, name)]
            for name in random.choice(whole)
        ]

    def person(self, reader: Reader, corner: Corner, random: Random) -> "Person":
        """Somebody who speaks throughout one call, and says nothing that machines say."""
        if self._crowd is not None and random.random() < CROWD_SHARE:
            return Person([self._crowd.greeting(corner, random)], 1)
        if any(self._digits) and random.random() < self._digits_share:
            speakers = [paths for paths in self._digits if paths]
            return Person(random.choice(corner.of(speakers)), MOST_DIGITS)
        return self.receptionist(reader)

    def receptionist(self, reader: Reader) -> "Person":
        """A reader's voice, whatever machines do not say."""
        told = {name for chain in GREETINGS[reader.library] for name in chain}
        short = self._shelves.short_prompts(reader)
        return Person([path for path in short if path.stem not in told], 2)

    def _number(self, reader: Reader, random: Random) -> list[Samples]:
        digits = [random.randrange(10) for _ in range(random.choice((3, 4, 8)))]
        return [self._shelves.digit(reader, digit) for digit in digits]


@dataclass(frozen=True, slots=True)
class Person:
    """One voice, and what it can say, a few of it at a time."""

    recordings: list[Path]
    most: int

    def say(self, random: Random) -> list[Samples]:
        chosen = random.sample(self.recordings, random.randint(1, self.most))
        return [read(path) for path in chosen]

    def say_for(self, length_s: tuple[float, float], random: Random) -> list[Samples]:
        """As many as it takes to speak for so long, at least and at most."""
        least, most = (seconds * RATE_HZ for seconds in length_s)
        said: list[Samples] = []
        while not least <= sum(map(len, said)) <= most:
            said = [] if sum(map(len, said)) > most else said
            said.append(read(random.choice(self.recordings)))
        return said


def draw_recorded(number: int, split: str, seed: int, prompts: Prompts) -> Timeline:
    """Call `number` of a split as one of recorded people."""
    random = Random(f"{seed}:{split}:{number}")
    corner = corner_of(split, number)
    reader, length = random.choice(corner.of(prompts.readers)), length_of(split)
    kind = random.random()
    if kind < COMPANY_SHARE:
        line = Timeline(Truth(number, Kind.COMPANY, "recorded company", reader.language), length)
        receptionist = prompts.receptionist(reader)
        _converse(line, receptionist, receptionist.say_for(COMPANY_S, random), random)
    elif kind < 0.5:
        line = Timeline(Truth(number, Kind.HUMAN, "recorded person", reader.language), length)
        person = prompts.person(reader, corner, random)
        _converse(line, person, person.say(random), random)
    else:
        line = Timeline(Truth(number, Kind.MACHINE, "recorded machine", reader.language), length)
        _answer(line, prompts.machine(reader, corner, random), random)
    line.fit()
    return line


def recorded_part(split: str) -> Part:
    """Whose recordings a split takes."""
    return Part.VAL if split == "recorded_val" else part_of(split)


def _converse(line: Timeline, person: Person, greeting: list[Samples], random: Random) -> None:
    line.pause(random.uniform(0.1, 1.3))
    begin_s = line.now_s
    _join(line, greeting, random, (0.02, 0.25))
    line.greeted()
    if line.now_s - begin_s > CONSUMER_MOST_S:
        line.truth.kind, line.truth.stratum = Kind.COMPANY, "recorded company"
    while line.now_s < line.length.least_s - 1.6:
        line.pause(random.uniform(0.9, 4.0))
        _join(line, person.say(random), random, (0.05, 0.4))


def _answer(line: Timeline, prompts: list[list[Samples]], random: Random) -> None:
    line.pause(random.uniform(0.1, 1.3))
    for i, parts in enumerate(prompts):
        if i:
            line.pause(random.uniform(*READING))
        _join(line, parts, random, NUMBER_GAP_S)
    line.greeted()
    if random.random() < 0.92:
        line.pause(random.uniform(0.2, 1.2))
        line.beep(sounds.beep(random))
    line.pause(3.0)


def _join(line: Timeline, parts: list[Samples], random: Random, gap_s: tuple[float, float]) -> None:
    for i, part in enumerate(parts):
        if i:
            line.pause(random.uniform(*gap_s))
        line.say(part)
