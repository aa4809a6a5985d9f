"""The scripts run as files, not as a package; put them where an import finds them."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3] / "freeswitch"
sys.path[:0] = [str(ROOT), str(ROOT / "lab")]
