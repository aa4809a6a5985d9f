"""The cadence of each kind of call. Shares and times are ours: docs/amd.md says what that means.

People and machines draw their voices, speeds and levels from the same pools; only who says what,
with which pauses, differs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from benchmarks.amd.corpus import sounds
from benchmarks.amd.corpus.texts import Corner, Part, sentences
from benchmarks.amd.corpus.timeline import Kind, Length, Timeline, Truth
from benchmarks.amd.corpus.voices import Speakers, Voice, draw_voice


@dataclass(slots=True)
class Scene:
    """What a call is made with."""

    line: Timeline
    random: Random
    voice: Voice
    speakers: Speakers
    corner: Corner

    @property
    def language(self) -> str:
        return self.line.truth.language

    def wait(self, least_s: float, most_s: float) -> None:
        self.line.pause(self.random.uniform(least_s, most_s))

    def speak(self, what: str, gap_s: tuple[float, float]) -> None:
        """One of the texts of a kind; between its sentences such pauses."""
        for i, sentence in enumerate(sentences(what, self.language, self.corner, self.random)):
            if i:
                self.wait(*gap_s)
            gain = 10 ** (self.random.uniform(-2.0, 2.0) / 20.0)
            self.line.say(self.speakers.say(self.voice, sentence) * gain)


READING = (0.15, 0.75)
"""Pauses between the sentences of a recording."""


def _pick_up(scene: Scene) -> None:
    """From the answer to the first word: with people and with machines alike."""
    scene.wait(0.1, 1.3)


def _converse(scene: Scene) -> None:
    """After the greeting: nobody is heard and the person asks again, or an agent speaks first."""
    scene.line.greeted()
    is_alone = scene.random.random() < 0.4
    while scene.line.now_s < scene.line.length.least_s - 1.0:
        scene.wait(*((1.0, 2.8) if is_alone else (1.2, 5.0)))
        if scene.random.random() < (0.8 if is_alone else 0.2):
            scene.speak("SHORT", READING)
        else:
            scene.speak("TURNS", (0.2, 0.6))


def short(scene: Scene) -> None:
    _pick_up(scene)
    scene.speak("SHORT", READING)
    _converse(scene)


def medium(scene: Scene) -> None:
    _pick_up(scene)
    scene.speak("MEDIUM", (0.2, 0.6))
    _converse(scene)


def double_hello(scene: Scene) -> None:
    _pick_up(scene)
    scene.speak("SHORT", READING)
    scene.line.greeted()
    end_s = scene.line.truth.greeting_end_s
    scene.wait(0.7, 1.8)
    scene.speak("SHORT", READING)
    _converse(scene)
    scene.line.truth.greeting_end_s = end_s


def late(scene: Scene) -> None:
    scene.wait(1.5, 3.9)
    scene.speak("SHORT", READING)
    _converse(scene)


def silent(scene: Scene) -> None:
    scene.wait(9.0, 11.0)
    scene.speak("SHORT", READING)


def chatter(scene: Scene) -> None:
    _pick_up(scene)
    scene.speak("CHATTER", (0.3, 1.0))
    _converse(scene)


def beside(scene: Scene) -> None:
    """Something in the room beeps while somebody answers."""
    _pick_up(scene)
    scene.speak(scene.random.choice(("SHORT", "MEDIUM")), (0.2, 0.6))
    _converse(scene)
    scene.line.lay(sounds.beside(scene.random), scene.random.uniform(0.0, 3.0))


def company(scene: Scene) -> None:
    _pick_up(scene)
    scene.speak("COMPANY", (0.3, 1.0))
    _converse(scene)


def _record(scene: Scene, beep_share: float = 0.92) -> None:
    """The end of a recording: mostly a beep, then silence."""
    scene.line.greeted()
    if scene.random.random() < beep_share:
        scene.wait(0.2, 1.2)
        scene.line.beep(sounds.beep(scene.random))
    scene.wait(2.6, 3.5)


def personal(scene: Scene) -> None:
    _pick_up(scene)
    scene.speak("PERSONAL", READING)
    _record(scene)


def network(scene: Scene) -> None:
    _pick_up(scene)
    scene.speak("NETWORK", READING)
    _record(scene)


def ivr(scene: Scene) -> None:
    _pick_up(scene)
    scene.speak("IVR", READING)
    _record(scene, beep_share=0.0)


def brief(scene: Scene) -> None:
    _pick_up(scene)
    scene.speak("BRIEF", READING)
    _record(scene)


def hook(scene: Scene) -> None:
    """A greeting that begins as a person does: Hello? ... You have reached."""
    _pick_up(scene)
    scene.speak("HOOK", READING)
    scene.wait(0.35, 1.3)
    scene.speak("PERSONAL", READING)
    _record(scene)


def music(scene: Scene) -> None:
    scene.wait(0.1, 0.8)
    scene.line.say(sounds.music(scene.random.uniform(2.0, 6.0), scene.random))
    scene.wait(0.1, 0.5)
    scene.speak("NETWORK", READING)
    _record(scene)


def beep_only(scene: Scene) -> None:
    scene.wait(0.8, 3.0)
    scene.line.beep(sounds.beep(scene.random))


def announcement(scene: Scene) -> None:
    """A network answers to say that it cannot put the call through, once or again."""
    _pick_up(scene)
    scene.speak("ANNOUNCEMENT", READING)
    scene.line.greeted()
    if scene.random.random() < 0.3:
        scene.wait(0.6, 1.5)
        scene.speak("ANNOUNCEMENT", READING)
    scene.wait(2.6, 3.5)


def intercept(scene: Scene) -> None:
    scene.wait(0.2, 1.2)
    code = scene.random.choice(list(sounds.SIT_CODES))
    scene.line.truth.tone = f"SIT {code}"
    scene.line.add(sounds.sit(code))
    scene.wait(0.3, 0.8)
    scene.speak("ANNOUNCEMENT", READING)


def fax(scene: Scene) -> None:
    scene.wait(0.2, 1.5)
    scene.line.truth.tone = "FAX"
    scene.line.add(sounds.fax(scene.random.uniform(2.6, 4.0)))


def busy(scene: Scene) -> None:
    scene.wait(0.1, 1.0)
    kind = "BUSY" if scene.random.random() < 0.7 else "CONGESTION"
    scene.line.truth.tone = kind
    scene.line.add(sounds.busy(kind, 8.0, scene.random))


def screening(scene: Scene) -> None:
    _pick_up(scene)
    scene.speak("SCREENING", READING)
    scene.line.greeted()
    if scene.random.random() < 0.4:
        scene.wait(5.0, 8.0)
        scene.speak("SHORT", READING)


def early_ringing(scene: Scene) -> None:
    scene.line.truth.tone = "RINGBACK"
    scene.line.add(sounds.ringing(scene.line.length.least_s, scene.random))


def early_announcement(scene: Scene) -> None:
    scene.wait(0.2, 1.5)
    scene.speak("ANNOUNCEMENT", READING)


Strata = dict[str, tuple[Kind, float, Callable[[Scene], None]]]
STRATA: Strata = {
    "short": (Kind.HUMAN, 18.0, short),
    "medium": (Kind.HUMAN, 11.0, medium),
    "double hello": (Kind.HUMAN, 4.0, double_hello),
    "late": (Kind.HUMAN, 3.0, late),
    "silent": (Kind.HUMAN, 1.0, silent),
    "chatter": (Kind.HUMAN, 4.0, chatter),
    "beside": (Kind.HUMAN, 1.0, beside),
    "company": (Kind.COMPANY, 7.0, company),
    "personal": (Kind.MACHINE, 18.0, personal),
    "network": (Kind.MACHINE, 11.0, network),
    "ivr": (Kind.MACHINE, 4.0, ivr),
    "brief": (Kind.MACHINE, 4.0, brief),
    "hook": (Kind.MACHINE, 4.0, hook),
    "music": (Kind.MACHINE, 2.0, music),
    "announcement": (Kind.MACHINE, 1.5, announcement),
    "beep only": (Kind.MACHINE, 1.5, beep_only),
    "intercept": (Kind.MACHINE, 2.5, intercept),
    "fax": (Kind.MACHINE, 1.2, fax),
    "busy": (Kind.MACHINE, 1.6, busy),
    "screening": (Kind.SCREENING, 3.0, screening),
}
"""Kind, share of the calls, and how it goes."""
TIMES_STUDIED = {"chatter": 3.0}
"""Who speaks to somebody else first may say anything: where that is trained on, there is most to
learn."""
STUDIED_EVERY = {Part.TRAIN: 4, Part.VAL: 2}
"""One of so many calls says no more than what all calls may."""
EARLY: Strata = {
    "early ringing": (Kind.EARLY, 4.0, early_ringing),
    "early busy": (Kind.EARLY, 2.0, busy),
    "early intercept": (Kind.EARLY, 2.0, intercept),
    "early announcement": (Kind.EARLY, 2.0, early_announcement),
}


LANGUAGES = ("fr", "en")


def length_of(split: str) -> Length:
    """Verdicts fall within seven seconds: what is trained on need not be as long as a call that is
    looked at twice."""
    return Length(10.0, 10.0) if split == "train" else Length()


def part_of(split: str) -> Part:
    """Whose texts and voices a split takes."""
    return Part(split) if split in (Part.TRAIN, Part.VAL) else Part.TEST


def side_of(number: int) -> int:
    """Which side of what is trained on a call takes."""
    return number % 2


def corner_of(split: str, number: int) -> Corner:
    """Which of its part's texts, voices and readers a call takes."""
    part = part_of(split)
    is_studied = part is not Part.TEST and number // 2 % STUDIED_EVERY[part] != 0
    return Corner(part, side_of(number) if part is Part.TRAIN else None, is_studied)


def _shares(strata: Strata, corner: Corner) -> list[float]:
    times = TIMES_STUDIED if corner.is_studied and corner.part is Part.TRAIN else {}
    return [share * times.get(stratum, 1.0) for stratum, (_, share, _) in strata.items()]


def draw_call(number: int, split: str, seed: int, speakers: Speakers) -> Timeline:
    """Call `number` of a split: the same whenever it is drawn."""
    random = Random(f"{seed}:{split}:{number}")
    corner = corner_of(split, number)
    strata = EARLY if split == "early" else STRATA
    stratum = random.choices(list(strata), _shares(strata, corner))[0]
    kind, _, act = strata[stratum]
    language = random.choice(LANGUAGES)
    line = Timeline(Truth(number, kind, stratum, language), length_of(split))
    act(Scene(line, random, draw_voice(language, corner, random), speakers, corner))
    line.fit()
    return line
