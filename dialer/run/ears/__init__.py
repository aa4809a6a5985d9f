"""Listening to those who answer: a process of its own, and the controller's line to it.

Why a process: one tick of the detector takes milliseconds of numpy, fifty times a second, in which
the controller's greenlets would bridge nobody; a thread would fight it for the interpreter's lock.
Why one: the detector works on all live calls at once, and one call alone costs nearly as much as
fifty. Should it die, its calls are UNSURE, which is what an agent is for, and it is started again.
"""
