"""Whatever is commanded, in whatever order: no leg in two bridges, each leg ends exactly once."""

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from dialer.model.moment import Moment
from dialer.sim.legs import Order
from dialer.sim.numbers import AGENT, PLAN
from dialer.sim.population import LAB, Population
from dialer.sim.switch import Switch


class AnyCommands(RuleBasedStateMachine):
    """Random dialling, bridging, playing and killing on one switch."""

    legs = Bundle("legs")

    def __init__(self):
        super().__init__()
        self.now = Moment(0.0, 1e9)
        self.ends, self.starts, self.answers = Counter(), Counter(), Counter()
        self.order = {}
        self.switch = Switch(Population(1, LAB), self.now, self.hear)

    def hear(self, name, leg, headers):
        if leg is None:
            return
        self.starts[leg.leg_id] += name == "CHANNEL_CREATE"
        self.ends[leg.leg_id] += name == "CHANNEL_HANGUP_COMPLETE"
        self.order.setdefault(leg.leg_id, []).append(name)

    @rule(
        target=legs,
        person=st.sampled_from([AGENT, *PLAN.values()]),
        parks=st.booleans(),
        hangs_up=st.booleans(),
        early=st.booleans(),
        app=st.sampled_from(["park", "playback", "hangup"]),
    )
    def dial(self, person, parks, hangs_up, early, app):
        leg_id = f"leg{len(self.starts)}"
        order = Order(leg_id, leg_id, leg_id, person, 20.0, app=app, app_data="x.wav",
                      ignores_early_media=early, parks_after_bridge=parks,
                      hangs_up_after_bridge=hangs_up)  # fmt: skip
        assert self.switch.dialing.originate(order, lambda _: self.answer(leg_id)) is None
        self.switch.settle()
        return leg_id

    def answer(self, leg_id):
        self.answers[leg_id] += 1

    @rule(first=legs, second=legs)
    def bridge(self, first, second):
        self.switch.bridges.bridge(first, second)
        self.switch.settle()

    @rule(leg_id=legs)
    def kill(self, leg_id):
        self.switch.drop_leg(leg_id)
        self.switch.settle()

    @rule(leg_id=legs, action=st.sampled_from(["park", "broadcast", "stop", "play", "both"]))
    def act(self, leg_id, action):
        leg = self.switch.leg(leg_id)
        if leg is None or not leg.is_up:
            return
        sounds = self.switch.sounds
        script = (("playback", "x.wav"), ("hangup", ""))
        {
            "park": lambda: self.switch.bridges.park(leg),
            "broadcast": lambda: sounds.broadcast(leg, "x.wav"),
            "stop": lambda: sounds.stop(leg),
            "play": lambda: sounds.transfer(leg, script),
            "both": lambda: sounds.transfer(leg, (("park", ""),), is_both=True),
        }[action]()
        self.switch.settle()

    @rule(seconds=st.sampled_from([0.01, 0.05, 0.5, 3.0, 30.0]))
    def wait(self, seconds):
        self.now = self.now.plus(seconds)
        self.switch.expire(self.now)

    @invariant()
    def bridges_are_pairs_of_living_legs(self):
        for leg in self.switch.exchange.legs.values():
            assert leg.ended_at is None
            if leg.partner is not None:
                assert leg.partner.partner is leg
                assert leg.is_first is not leg.partner.is_first
                assert leg.is_up

    @invariant()
    def every_leg_lives_or_has_ended_once(self):
        living = set(self.switch.exchange.legs)
        for leg_id, n_starts in self.starts.items():
            assert n_starts == 1
            assert self.ends[leg_id] == (0 if leg_id in living else 1)
            assert self.answers[leg_id] <= 1
            assert self.answers[leg_id] == 1 or leg_id in living

    @invariant()
    def nothing_comes_after_the_end(self):
        for names in self.order.values():
            if "CHANNEL_HANGUP_COMPLETE" in names:
                after = names[names.index("CHANNEL_HANGUP_COMPLETE") + 1 :]
                assert set(after) <= {"CHANNEL_DESTROY", "CHANNEL_STATE"}

    def teardown(self):
        for leg_id in list(self.switch.exchange.legs):
            self.switch.drop_leg(leg_id)
        self.switch.settle()
        assert not self.switch.exchange.legs


AnyCommands.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestAnyCommands = AnyCommands.TestCase
