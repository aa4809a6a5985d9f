"""Where the audio of a leg comes from while it is screened: two ways, one shape.

A tap has two ends. The switch's end is a command (`recorded.arm`, `unicast.send`), given by whoever
drives the switch; the listener's end is a Reader. Readers know nothing of legs, calls or verdicts.
"""

from dialer.switch.taps.reader import BYTES_PER_S, Reader, TapFault
from dialer.switch.taps.recorded import RecordedReader, sweep
from dialer.switch.taps.unicast import UnicastReader

__all__ = ["BYTES_PER_S", "Reader", "RecordedReader", "TapFault", "UnicastReader", "sweep"]
