"""A corpus of answered calls that can be made anywhere: what each says is known to the sample.

Deterministic by seed. Speech is made by espeak-ng and flite, or taken from the recorded prompts of
Asterisk and spoken digits (people who are never trained on); cadences, noises and the channel are
drawn here, from the same distributions for people and machines. docs/amd.md says what it can and
cannot show.
"""
