"""Answering machine detection by ear: audio of all live calls in, scores and tones out.

`batch.Batch` is the door. Audio is 8 kHz, one channel, signed 16-bit little-endian. The 20 ms
frames that came of all streams go through numpy together:

    samples -> spectrum -> tones -> noise floor -> voice activity -> running features -> trees

A stream's results depend on its samples alone: not on the blocks they come in, nor on the streams
beside it. So what was heard live is what a file of the same audio gives. Nothing here knows calls,
campaigns or verdicts; those are `policy/amd`.
"""
