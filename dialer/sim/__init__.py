"""A switch, its carrier and its people that do not exist: for demo, tests and benchmarks.

`population` decides who answers, `switch` is the pure core of the simulated FreeSWITCH, `typed`
and `wire` are its two faces (model objects, event socket bytes), `desks` are the agents at their
screens, `server` puts the wire face on TCP. `rehearsal` plays the same people against a pacing
policy alone, with no switch between. Only `server` knows of gevent and of real time.
"""
