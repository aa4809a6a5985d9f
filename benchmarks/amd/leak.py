"""Does the corpus give itself away? A model of sound alone, without cadence, should know little.

If level, noise or colour of the voice told people from machines, the corpus would have been made
with a bias, and a detector would learn that bias. So such features alone are trained on `train` and
asked on another split. They are asked when so much speech has been heard from each: at a fixed time
some have stopped and some still speak, and how far a voice has varied by then is cadence again
(`at_2_s` tells how much). Calls that hold tones or music are left out: those are heard rightly.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata
from sklearn.ensemble import HistGradientBoostingClassifier

from benchmarks.amd.corpus.files import Split
from benchmarks.amd.hearing import features
from dialer.amd.chain import FIRST_SCORE_FRAMES, SCORE_FRAMES
from dialer.amd.features import NAMES, SOUND
from dialer.amd.spectrum import FRAME
from dialer.amd.state import Floats, Indices

HEARD_S, MOST_PAUSED_S = 0.4, 0.3
"""Asked after so much speech, if it was said with pauses no longer than that."""
UNTIL_S, FIXED_S = 4.0, 2.0
SPEAKING = frozenset(
    {"short", "medium", "double hello", "chatter", "company", "personal", "network", "ivr", "brief"}
    | {"hook", "announcement", "recorded person", "recorded company", "recorded machine"}
)


@dataclass(frozen=True, slots=True)
class Leak:
    """Areas under the curve of a model without cadence: 0.5 knows nothing."""

    of_equal_speech: float
    at_2_s: float


def leak(train: Split, asked: Split) -> Leak:
    """Fit on `train`, ask on `asked`."""
    learnt, answered = _Heard(train), _Heard(asked)
    aucs = []
    for equal in (True, False):
        model = HistGradientBoostingClassifier(
            max_iter=80, max_depth=3, learning_rate=0.05, min_samples_leaf=20, random_state=5
        ).fit(*learnt.rows(equal))
        rows, answers = answered.rows(equal)
        aucs.append(auc(model.predict_proba(rows)[:, 1], answers))
    return Leak(*aucs)


def auc(scores: Floats, is_positive: NDArray[np.bool_]) -> float:
    """The chance that a positive scores above a negative; ties count half."""
    ranks = rankdata(scores)
    n, m = int(is_positive.sum()), int((~is_positive).sum())
    return float((ranks[is_positive].sum() - n * (n + 1) / 2) / (n * m))


class _Heard:
    """The calls of a split in which somebody speaks, over their first seconds."""

    def __init__(self, split: Split) -> None:
        self._split = split
        self._truths = [truth for truth in split.truths if truth.stratum in SPEAKING]
        self._cube = features(split, self._truths, UNTIL_S)

    def rows(self, of_equal_speech: bool) -> tuple[Floats, NDArray[np.bool_]]:
        """Sound of the calls at their moments, and whether each is a machine."""
        moments = self._after_equal_speech() if of_equal_speech else self._at_fixed_time()
        calls = np.flatnonzero(moments >= 0)
        sound = self._cube[calls, moments[calls]][:, [NAMES.index(name) for name in SOUND]]
        levels = [self._levels(int(call), int(moments[call])) for call in calls]
        answers = np.array([not self._truths[call].kind.is_person for call in calls])
        return np.concatenate([sound, np.array(levels)], axis=1), answers

    def _after_equal_speech(self) -> Indices:
        """The moment of each call; -1 where it is too late, or comes after a pause."""
        speech = self._cube[:, :, NAMES.index("speech_s")]
        since = self._cube[:, :, NAMES.index("since_onset_s")]
        enough = speech >= HEARD_S
        first = np.argmax(enough, axis=1)
        paused = (since - speech)[np.arange(len(first)), first]
        return np.where(enough.any(axis=1) & (paused <= MOST_PAUSED_S), first, -1)

    def _at_fixed_time(self) -> Indices:
        return np.full(len(self._truths), round(FIXED_S * 50 - FIRST_SCORE_FRAMES) // SCORE_FRAMES)

    def _levels(self, call: int, moment: int) -> tuple[float, float, float]:
        """Loudest, quietest and colour of all sound so far."""
        n = (FIRST_SCORE_FRAMES + moment * SCORE_FRAMES) * FRAME
        samples = np.frombuffer(self._split.pcm(self._truths[call]), dtype="<i2")[:n] / 32768.0
        blocks = 20 * np.log10(np.sqrt((samples.reshape(-1, FRAME) ** 2).mean(axis=1)) + 1e-6)
        return float(np.percentile(blocks, 90)), float(np.percentile(blocks, 10)), _centre(samples)


def _centre(samples: Floats) -> float:
    """The centre of gravity of the whole spectrum, 0 to 1: how dull or sharp the sound is."""
    power = np.abs(np.fft.rfft(samples)) ** 2
    return float(np.sum(power * np.linspace(0, 1, len(power))) / (np.sum(power) + 1e-9))
