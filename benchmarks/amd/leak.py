"""Does the corpus give itself away? A model of sound alone, without cadence, should know little.

If level, noise or colour of the voice told people from machines, the corpus would have been made
with a bias, and a detector would learn that bias. So such features alone are trained on `train` and
asked on another split, after two seconds, where both have spoken. Calls that hold tones or music
are left out: those are heard rightly.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata
from sklearn.ensemble import HistGradientBoostingClassifier

from benchmarks.amd.corpus.files import Split
from benchmarks.amd.hearing import features
from dialer.amd.features import NAMES, SOUND
from dialer.amd.state import Floats

AT_S = 2.0
SPEAKING = frozenset(
    {"short", "medium", "double hello", "chatter", "company", "personal", "network", "ivr", "brief"}
    | {"hook", "recorded person", "recorded machine"}
)


def leak_auc(train: Split, asked: Split) -> float:
    """Area under the curve of a model without cadence: 0.5 knows nothing."""
    rows, answers = _rows(train)
    model = HistGradientBoostingClassifier(
        max_iter=80, max_depth=3, learning_rate=0.05, min_samples_leaf=20, random_state=5
    ).fit(rows, answers)
    rows, answers = _rows(asked)
    return auc(model.predict_proba(rows)[:, 1], answers)


def auc(scores: Floats, is_positive: NDArray[np.bool_]) -> float:
    """The chance that a positive scores above a negative; ties count half."""
    ranks = rankdata(scores)
    n, m = int(is_positive.sum()), int((~is_positive).sum())
    return float((ranks[is_positive].sum() - n * (n + 1) / 2) / (n * m))


def _rows(split: Split) -> tuple[Floats, NDArray[np.bool_]]:
    truths = [truth for truth in split.truths if truth.stratum in SPEAKING]
    cube = features(split, truths, AT_S)[:, -1]
    sound = cube[:, [NAMES.index(name) for name in SOUND]]
    levels = []
    for truth in truths:
        samples = np.frombuffer(split.pcm(truth), dtype="<i2")[: round(AT_S * 8000)] / 32768.0
        blocks = 20 * np.log10(np.sqrt((samples.reshape(-1, 160) ** 2).mean(axis=1)) + 1e-6)
        levels.append((np.percentile(blocks, 90), np.percentile(blocks, 10), _centre_hz(samples)))
    answers = np.array([not truth.kind.is_person for truth in truths])
    return np.concatenate([sound, np.array(levels)], axis=1), answers


def _centre_hz(samples: Floats) -> float:
    """The centre of gravity of the whole spectrum: how dull or sharp the sound is."""
    power = np.abs(np.fft.rfft(samples)) ** 2
    return float(np.sum(power * np.arange(len(power))) / (np.sum(power) + 1e-9) * 0.5)
