"""The listening process, keeping what each tap brought in the folder RELANCE_TEST_KEPT."""

import os
from pathlib import Path

from dialer.run.ears import hearing, process
from dialer.switch.taps import RecordedReader


class KeepingReader(RecordedReader):
    def __init__(self, path):
        super().__init__(path)
        self._kept = (Path(os.environ["RELANCE_TEST_KEPT"]) / path.name).open("wb")

    def read(self):
        piece = super().read()
        self._kept.write(piece)
        return piece

    def close(self):
        super().close()
        self._kept.close()


if __name__ == "__main__":
    hearing.RecordedReader = KeepingReader
    process.main()
