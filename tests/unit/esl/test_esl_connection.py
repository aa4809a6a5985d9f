"""Both ends in memory: replies in order, tombstones, jobs, stages, states."""

from itertools import product

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from esl import states
from esl.commands import Api, Auth, BgApi, Connect, Exit, Filter, SendEvent, Subscribe
from esl.connection import ClientConnection
from esl.errors import FrameError, LocalError, LossStage
from esl.events import EslEvent
from esl.messages import Greeting, JobDone, LogLine, Notice, Rejection, Reply
from esl.server import ServerConnection
from esl.states import ClientState, Input, ServerState

EVENT = EslEvent({"Event-Name": "DTMF", "Unique-ID": "u"})


def pair(**options):
    """A client and a server that have said hello."""
    client, server = ClientConnection(**options), ServerConnection()
    assert isinstance(client.receive_data(server.auth_request())[0], Greeting)
    server.receive_data(client.send(Auth("x"))[0])
    assert client.receive_data(server.accept_auth())[0].ok
    return client, server


@pytest.mark.parametrize(
    ("table", "state", "what"),
    [
        *((states.CLIENT, *step) for step in product(ClientState, Input)),
        *((states.SERVER, *step) for step in product(ServerState, Input)),
    ],
)
def test_every_step_is_in_the_table_or_is_somebodys_fault(table, state, what):
    client = table is states.CLIENT
    if (state, what) in table:
        assert states.advance(table, state, what, client=client) is table[state, what]
    else:
        remote = client and what in states._REMOTE
        with pytest.raises(FrameError if remote else LocalError):
            states.advance(table, state, what, client=client)


@pytest.mark.parametrize("table", [states.CLIENT, states.SERVER])
def test_an_end_closes_from_anywhere_and_nothing_reopens(table):
    after = {state: what for (state, what), to in table.items() if state == "closed" and to}
    assert after == {table[next(iter(table))].__class__("closed"): Input.END}
    assert {to for (_, what), to in table.items() if what is Input.END} == {"closed"}


def test_every_state_of_both_tables_can_be_reached():
    for table, start in (
        (states.CLIENT, ClientState.CONNECTING),
        (states.SERVER, ServerState.ACCEPTED),
    ):
        reached, grown = {start}, True
        while grown:
            following = {to for (state, _), to in table.items() if state in reached} | reached
            grown, reached = following != reached, following
        assert reached == set(type(start))


def test_replies_answer_commands_in_order():
    client, server = pair()
    tickets = [client.send(Api(f"echo {n}"))[1] for n in range(3)]
    data = b"".join(server.api_response(f"{n}") for n in range(3))
    replies = client.receive_data(data)
    assert [(reply.ticket, reply.data) for reply in replies] == [
        (ticket, str(n)) for n, ticket in enumerate(tickets)
    ]


def test_an_abandoned_command_keeps_its_place_in_the_line():
    client, server = pair()
    (_, first), (_, second) = client.send(Api("a")), client.send(Api("b"))
    client.abandon(first)
    (reply,) = client.receive_data(server.api_response("1") + server.api_response("2"))
    assert (reply.ticket, reply.data, client.late_replies) == (second, "2", 1)


def test_a_reply_to_no_command_closes():
    client, server = pair()
    with pytest.raises(FrameError):
        client.receive_data(server.command_reply("+OK"))
    assert client.state is ClientState.CLOSED


@pytest.mark.parametrize(
    ("reply", "ok"),
    [("+OK", True), ("-ERR x", False), ("-USAGE: x", False), ("true", True), ("", False)],
)
def test_only_err_and_usage_are_refusals(reply, ok):
    client, server = pair()
    client.send(Api("x"))
    (answer,) = client.receive_data(server.api_response(reply))
    assert answer.ok is ok


def test_binary_output_is_kept_and_readable():
    client, server = pair()
    client.send(Api("x"))
    (reply,) = client.receive_data(server.api_response(b"caf\xe9\n\n"))
    assert (reply.body, reply.data) == (b"caf\xe9\n\n", "caf\ufffd\n\n")


def test_a_job_is_matched_by_the_uuid_we_chose():
    client, server = pair(wants=lambda name: False)
    data, ticket = client.send(BgApi("status", "job-1"), await_job=True)
    (request,) = server.receive_data(data)
    assert request.headers["job-uuid"] == "job-1"
    client.receive_data(server.job_reply("job-1"))
    assert ticket.stage is LossStage.ACCEPTED
    other = EslEvent({"Event-Name": "BACKGROUND_JOB", "Job-UUID": "else"}, "+OK else")
    mine = EslEvent({"Event-Name": "BACKGROUND_JOB", "Job-UUID": "job-1"}, "+OK mine")
    (done,) = client.receive_data(server.event(other) + server.event(mine) + server.event(mine))
    assert isinstance(done, JobDone)
    assert (done.ticket, done.data) == (ticket, "+OK mine")


def test_a_job_nobody_waits_for_any_more_is_forgotten():
    client, server = pair()
    _, ticket = client.send(BgApi("status", "job-1"), await_job=True)
    client.receive_data(server.job_reply("job-1"))
    client.abandon(ticket)
    assert client.lose("gone") == []


def test_a_loss_is_not_told_to_who_gave_up():
    client, _ = pair()
    (_, first), (_, second) = client.send(Api("a")), client.send(Api("b"))
    client.abandon(first)
    assert [ticket for ticket, _ in client.lose("gone")] == [second]


def test_the_stages_of_a_loss_follow_the_command():
    client, _ = pair()
    unsent = client.send(Api("a"))[1]
    written = client.send(Api("b"))[1]
    written.stage = LossStage.UNCONFIRMED
    losses = {ticket: loss.stage for ticket, loss in client.lose("gone")}
    assert losses == {unsent: LossStage.NOT_SENT, written: LossStage.UNCONFIRMED}
    assert client.lose("again") == []


def test_an_accepted_job_is_lost_as_accepted_once():
    client, server = pair()
    ticket = client.send(BgApi("x", "job"), await_job=True)[1]
    client.receive_data(server.job_reply("job"))
    assert [(one, loss.stage) for one, loss in client.lose("x")] == [(ticket, LossStage.ACCEPTED)]


def test_unwanted_events_are_not_even_parsed():
    client, _ = pair(wants=lambda name: False)
    broken = b'{"Event-Name":"TALK",'
    frame = b"Content-Length: %d\nContent-Type: text/event-json\n\n%s" % (len(broken), broken)
    assert client.receive_data(frame) == []
    assert client.dropped_events == 1


def test_repaired_events_are_counted():
    client, server = pair()
    (event,) = client.receive_data(
        server.event(EslEvent({"Event-Name": "X", "Caller": "Jos\udce9"}))
    )
    assert (event.repaired, client.repaired_events) == (True, 1)


def test_commands_before_the_greeting_or_twice_the_password_are_our_fault():
    with pytest.raises(LocalError):
        ClientConnection().send(Auth("x"))
    client, _ = pair()
    with pytest.raises(LocalError):
        client.send(Auth("x"))
    client.send(Exit)
    with pytest.raises(LocalError):
        client.send(Api("x"))


def test_after_exit_the_reply_and_the_notice_still_come():
    client, server = pair()
    server.receive_data(client.send(Exit)[0])
    reply, notice = client.receive_data(
        server.command_reply("+OK bye") + server.disconnect_notice()
    )
    assert (reply.data, notice.lingering) == ("+OK bye", False)
    client.receive_end()
    assert client.state is ClientState.CLOSED


def test_an_end_inside_a_frame_is_an_error():
    client, server = pair()
    client.receive_data(server.event(EVENT)[:-1])
    with pytest.raises(FrameError):
        client.receive_end()


def test_a_refused_password_ends_with_a_notice():
    client, server = ClientConnection(), ServerConnection()
    client.receive_data(server.auth_request())
    server.receive_data(client.send(Auth("x"))[0])
    reply, notice = client.receive_data(server.refuse_auth())
    assert (reply.data, isinstance(notice, Notice)) == ("-ERR invalid", True)
    assert (client.state, server.state) == (ClientState.CLOSING, ServerState.CLOSED)


def test_a_rude_rejection_is_read():
    (rejection,) = ClientConnection().receive_data(ServerConnection().rude_rejection())
    assert isinstance(rejection, Rejection)
    assert rejection.data == "Access Denied, go away.\n"


def test_log_lines_are_read():
    client, server = pair()
    (line,) = client.receive_data(server.log_line({"Log-Level": "7"}, "text\n"))
    assert isinstance(line, LogLine)
    assert (line.headers["Log-Level"], line.data) == ("7", "text\n")


def test_a_handed_over_leg_needs_no_password_and_decodes_its_connect_reply():
    client, server = ClientConnection(handed_over=True), ServerConnection(session_uuid="u")
    server.receive_data(client.send(Connect())[0])
    (reply,) = client.receive_data(server.connect_reply({"variable_x": "a\nb: c"}, full=False))
    assert reply.headers["variable_x"] == "a\nb: c"
    assert reply.headers["Control"] == "single-channel"


def test_a_server_renders_events_in_the_format_asked_for():
    client, server = pair()
    (request,) = server.receive_data(client.send(Subscribe(["DTMF"]))[0])
    assert server.publish(EVENT) == b""
    client.receive_data(server.command_reply(server.subscriptions.apply(request)))
    cache = {}
    data = server.publish(EVENT, cache)
    assert b"text/event-json" in data
    assert server.publish(EVENT, cache) is cache["json"]
    (event,) = client.receive_data(data)
    assert event.headers == EVENT.headers
    assert server.publish(EslEvent({"Event-Name": "TALK"})) == b""


def test_a_server_says_no_reply_where_the_output_is_empty():
    _, server = pair()
    assert server.api_response("").endswith(b"\n\n-ERR no reply\n")


def test_a_closed_server_reads_and_publishes_nothing():
    client, server = pair()
    server.receive_end()
    assert server.receive_data(client.send(Api("x"))[0]) == []
    assert server.publish(EVENT) == b""
    with pytest.raises(LocalError):
        server.command_reply("+OK")


# -- what one client gets


def subscribed(*commands):
    client, server = pair()
    for command in commands:
        (request,) = server.receive_data(client.send(command)[0])
        server.subscriptions.apply(request)
    return server.subscriptions


def event(name, subclass="", **headers):
    fields = {"Event-Name": name, **headers}
    return EslEvent({**fields, "Event-Subclass": subclass} if subclass else fields)


def test_custom_subclasses_are_asked_for_by_name():
    wants = subscribed(Subscribe(["DTMF"], ["a::b"])).wants
    assert wants(event("DTMF"))
    assert wants(event("CUSTOM", "a::b"))
    assert not wants(event("CUSTOM", "c::d"))
    assert not wants(event("TALK"))


def test_filters_are_ored_and_a_missing_header_does_not_match():
    wants = subscribed(
        Subscribe(["ALL"]), Filter("Call-Direction", "OUTBOUND"), Filter("Event-Name", "HEARTBEAT")
    ).wants
    assert wants(event("DTMF", **{"call-direction": "outbound"}))
    assert wants(event("HEARTBEAT"))
    assert not wants(event("DTMF"))


def test_vetoes_alone_let_nothing_through():
    wants = subscribed(Subscribe(["ALL"]), Filter("Event-Name", "TALK", veto=True)).wants
    assert not wants(event("DTMF"))


def test_a_veto_beats_a_later_match():
    wants = subscribed(
        Subscribe(["ALL"]),
        Filter("Unique-ID", "u", veto=True),
        Filter("Event-Name", "DTMF"),
    ).wants
    assert not wants(event("DTMF", **{"Unique-ID": "u"}))
    assert wants(event("DTMF", **{"Unique-ID": "v"}))


def test_a_veto_beats_an_earlier_match():
    wants = subscribed(
        Subscribe(["ALL"]),
        Filter("Event-Name", "DTMF"),
        Filter("Unique-ID", "u", veto=True),
    ).wants
    assert wants(event("DTMF"))
    assert not wants(event("DTMF", **{"Unique-ID": "u"}))


def apply(subscriptions, line):
    (request,) = ServerConnection().receive_data(f"{line}\n\n".encode())
    return subscriptions.apply(request)


def test_subscription_replies_are_freeswitchs_own():
    listening = ServerConnection().subscriptions
    for line, reply in [
        ("noevents", "-ERR not listening for events"),
        ("event", "-ERR no keywords supplied"),
        ("event plain NOSUCH", "-ERR no keywords supplied"),
        ("event json NOSUCH HEARTBEAT", "+OK event listener enabled json"),
        ("event all", "+OK event listener enabled json"),
        ("nixevent HEARTBEAT", "+OK events nixed"),
        ("nixevent NOSUCH", "-ERR no keywords supplied"),
        ("filter Event-Name A B", "+OK filter added. [Event-Name]=[A B]"),
        ("filter add Event-Name C", "+OK filter added. [Event-Name]=[C]"),
        ("filter Event-Name", "-ERR invalid syntax"),
        ("filter delete Event-Name C", "+OK filter deleted. [Event-Name][C]"),
        ("filter delete all", "+OK filter deleted. [all][]"),
        ("noevents", "+OK no longer listening for events"),
    ]:
        assert apply(listening, line) == reply, line
    assert listening.filters == []
    with pytest.raises(LocalError):
        apply(listening, "api status")


def test_a_nixed_event_of_all_leaves_the_others():
    listening = ServerConnection().subscriptions
    apply(listening, "event plain ALL")
    apply(listening, "nixevent HEARTBEAT")
    assert not listening.wants(event("HEARTBEAT"))
    assert listening.wants(event("DTMF"))
    apply(listening, "nixevent ALL")
    assert not listening.wants(event("DTMF"))


# -- requests


def test_requests_are_read_like_mod_event_socket_does():
    server = ServerConnection()
    server.auth_request()
    data = b"\r\n\n\nAPI  status x\r\nJob-UUID:  j\r\n\r\n\n"
    data += b"sendevent A\ncontent-length: 3\n\na\n\nexit\n\n"
    requests = server.receive_data(data)
    assert [(one.verb, one.args, one.headers, one.body) for one in requests] == [
        ("api", "status x", {"job-uuid": "j"}, b""),
        ("sendevent", "A", {"content-length": "3"}, b"a\n\n"),
        ("exit", "", {}, b""),
    ]


@pytest.mark.parametrize("cut", range(70))
def test_a_request_cut_anywhere_reads_the_same(cut):
    data = SendEvent("CUSTOM", {"A": "b"}, "x\n\ny").encode() + Api("status").encode()
    server = ServerConnection()
    requests = server.receive_data(data[:cut]) + server.receive_data(data[cut:])
    assert [(one.verb, one.body) for one in requests] == [("sendevent", b"x\n\ny"), ("api", b"")]


@pytest.mark.parametrize("data", [b"x" * 11_000_000, b"a\ncontent-length: 99999999\n\n"])
def test_a_request_over_the_limit_is_refused(data):
    with pytest.raises(FrameError):
        ServerConnection().receive_data(data)


class BothEnds(RuleBasedStateMachine):
    """Whatever the order of asking, answering, giving up and cuts: each gets its own reply."""

    def __init__(self):
        super().__init__()
        self.client, self.server = pair()
        self.to_server, self.to_client = b"", b""
        self.asked, self.unanswered, self.counter = {}, [], 0

    @rule()
    def ask(self):
        self.counter += 1
        data, ticket = self.client.send(Api(f"echo {self.counter}"))
        self.to_server += data
        self.asked[ticket] = f"echo {self.counter}"

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def give_up(self, data):
        ticket = data.draw(st.sampled_from(list(self.asked)))
        self.client.abandon(ticket)
        del self.asked[ticket]

    @rule(size=st.integers(1, 60))
    def server_reads(self, size):
        data, self.to_server = self.to_server[:size], self.to_server[size:]
        self.unanswered += self.server.receive_data(data)

    @precondition(lambda self: self.unanswered)
    @rule()
    def server_answers(self):
        self.to_client += self.server.api_response(self.unanswered.pop(0).args)

    @rule()
    def server_tells(self):
        self.to_client += self.server.event(EVENT)

    @rule(size=st.integers(1, 200))
    def client_reads(self, size):
        data, self.to_client = self.to_client[:size], self.to_client[size:]
        for message in self.client.receive_data(data):
            if isinstance(message, Reply):
                assert self.asked.pop(message.ticket) == message.data
            else:
                assert message.headers == EVENT.headers

    def teardown(self):
        self.unanswered += self.server.receive_data(self.to_server)
        while self.unanswered:
            self.server_answers()
        self.client_reads(len(self.to_client))
        assert (self.asked, self.client.pending) == ({}, 0)


TestBothEnds = BothEnds.TestCase
TestBothEnds.settings = settings(deadline=None, derandomize=True, max_examples=60)
