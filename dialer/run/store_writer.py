"""All writes of the engine, in order, in batches, by one greenlet.

A batch is one transaction. The attempt row is committed before its dial is passed on: a crash may
lose a call, never repeat one. When the database is away the batch waits and is tried again; when
one command of a batch cannot be written, the others are written without it and it is reported.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import gevent
from gevent.event import Event as Flag
from gevent.queue import Empty, Queue
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from dialer.model.campaign import CampaignState, CampaignTrigger
from dialer.model.commands import (
    BlockPerson,
    CloseAttempt,
    FinishCampaign,
    HoldLead,
    NoteAgent,
    NoteArrival,
    NoteAttempt,
    NoteOutsideCall,
    NotePacing,
    NoteRecording,
    NoteSkip,
    NoteStep,
    NoteSupervision,
    Originate,
    RaiseAlarm,
    ReleaseLeads,
)
from dialer.model.errors import DialerError
from dialer.model.events import AttemptRefused, NumberBlocked
from dialer.store import (
    agents,
    alarms,
    arrivals,
    attempts,
    campaigns,
    do_not_call,
    leads,
    number_history,
    outside_calls,
    pacing_log,
    recordings,
    steps,
    supervisions,
)
from dialer.store.session import SessionFactory, transaction

log = logging.getLogger(__name__)

BATCH = 500
RETRY_S = 1.0

WriterCommand = (
    Originate | NoteAttempt | CloseAttempt | NoteAgent | ReleaseLeads | RaiseAlarm | NoteRecording
    | NoteSupervision | NoteArrival | NotePacing | NoteStep | NoteOutsideCall | FinishCampaign
    | HoldLead | NoteSkip | BlockPerson
)  # fmt: skip
FollowUp = Originate | AttemptRefused | NumberBlocked
"""What is passed on once a batch is committed."""


class StoreWriter:
    """`dial` gets the originates whose attempt is open; `refuse` an event for each other one;
    `tell_all` what the dialers of all campaigns must know."""

    def __init__(
        self,
        sessions: SessionFactory,
        dial: Callable[[Originate], None],
        refuse: Callable[[AttemptRefused], None],
        tell_all: Callable[[NumberBlocked], None],
        now_utc: Callable[[], float],
    ) -> None:
        self.n_lost = 0
        self._sessions = sessions
        self._dial = dial
        self._refuse = refuse
        self._tell_all = tell_all
        self._now_utc = now_utc
        self._queue: Queue[WriterCommand | Flag] = Queue()

    def submit(self, command: WriterCommand) -> None:
        """Queue a command; never blocks."""
        self._queue.put(command)

    def run(self) -> None:
        """Write batches for ever."""
        while True:
            self._write(self._batch())

    def flush(self, timeout_s: float) -> bool:
        """Wait until all that was submitted so far is written; False when it takes longer."""
        done = Flag()
        self._queue.put(done)
        return bool(done.wait(timeout_s))

    def _batch(self) -> list[WriterCommand | Flag]:
        batch = [self._queue.get()]
        while len(batch) < BATCH:
            try:
                batch.append(self._queue.get_nowait())
            except Empty:
                break
        return batch

    def _write(self, batch: Sequence[WriterCommand | Flag]) -> None:
        commands = [item for item in batch if not isinstance(item, Flag)]
        while commands and not self._try(commands):
            gevent.sleep(RETRY_S)
        for item in batch:
            if isinstance(item, Flag):
                item.set()

    def _try(self, commands: Sequence[WriterCommand]) -> bool:
        """Write all commands; False when the database is away and they must wait."""
        try:
            follow_ups = self._transact(commands)
        except (SQLAlchemyError, DialerError) as error:
            if _is_away(error):
                log.warning("store: away, %d commands wait: %s", len(commands), error)
                return False
            if len(commands) == 1:
                self._lose(commands[0], error)
                return True
            return all([self._try([command]) for command in commands])
        self._pass_on(follow_ups)
        return True

    def _transact(self, commands: Sequence[WriterCommand]) -> list[FollowUp]:
        """One transaction. A permit that is past is no permit: its attempt is not opened."""
        now = self._now_utc()
        with transaction(self._sessions) as session:
            follow_ups = _give_back_expired(session, commands, now)
            for kind, write in WRITERS.items():
                of_kind = [
                    command
                    for command in commands
                    if isinstance(command, kind) and not _is_expired(command, now)
                ]
                if of_kind:
                    follow_ups += write(session, of_kind) or ()
        return follow_ups

    def _pass_on(self, follow_ups: Iterable[FollowUp]) -> None:
        for one in follow_ups:
            if isinstance(one, Originate):
                self._dial(one)
            elif isinstance(one, AttemptRefused):
                self._refuse(one)
            else:
                self._tell_all(one)

    def _lose(self, command: WriterCommand, error: Exception) -> None:
        self.n_lost += 1
        log.error("store: %s cannot be written: %s", type(command).__name__, error)
        if isinstance(command, Originate):
            self._refuse(AttemptRefused(command.attempt_id, "store fault"))


def _is_away(error: Exception) -> bool:
    return isinstance(error, OperationalError) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    )


def _is_expired(command: WriterCommand, now: float) -> bool:
    return isinstance(command, Originate) and command.permit.expires_at < now


def _give_back_expired(
    session: Session, commands: Sequence[WriterCommand], now: float
) -> list[FollowUp]:
    expired = [c for c in commands if isinstance(c, Originate) and _is_expired(c, now)]
    if first := [one.lead_id for one in expired if not one.is_again]:
        leads.release(session, first, due_at=now)
    return [_refusal(one) for one in expired]


def _refusal(command: Originate) -> AttemptRefused:
    return AttemptRefused(command.attempt_id, "not opened")


def _open(session: Session, commands: Sequence[Any]) -> list[FollowUp]:
    """Each with the number that it shows, if its attempt is open now. Leads of others go back, or
    nothing would ever claim them again."""
    first = [command for command in commands if not command.is_again]
    opened = attempts.open_attempts(session, first)
    moved = attempts.move_legs(session, [command for command in commands if command.is_again])
    for command in first:
        if command.attempt_id not in opened:
            leads.release(session, [command.lead_id], due_at=command.at + RELEASE_REFUSED_S)
    shown = attempts.caller_ids_of(session, opened | moved)
    return [
        replace(command, caller_id=shown[command.attempt_id])
        if command.attempt_id in shown
        else _refusal(command)
        for command in commands
    ]


def _note(session: Session, commands: Sequence[Any]) -> None:
    attempts.note(session, commands)


def _close(session: Session, commands: Sequence[Any]) -> None:
    attempts.close(session, commands)


def _note_agents(session: Session, commands: Sequence[Any]) -> None:
    agents.note_agents(session, commands)


def _release(session: Session, commands: Sequence[Any]) -> None:
    for command in commands:
        leads.release(
            session, command.lead_ids, command.due_at,
            refusal=command.refusal, finished=command.is_finished,
        )  # fmt: skip


def _hold(session: Session, commands: Sequence[Any]) -> None:
    for command in commands:
        leads.hold(session, command.lead_id, command.until)


def _skips(session: Session, commands: Sequence[Any]) -> None:
    leads.note_skips(session, commands)


def _block(session: Session, commands: Sequence[Any]) -> Sequence[FollowUp]:
    numbers = number_history.numbers_of(session, [command.attempt_id for command in commands])
    return do_not_call.block_person(session, numbers, source="REPLY")


def _recordings(session: Session, commands: Sequence[Any]) -> None:
    recordings.note_recordings(session, commands)


def _supervisions(session: Session, commands: Sequence[Any]) -> None:
    supervisions.note_supervisions(session, commands)


def _arrivals(session: Session, commands: Sequence[Any]) -> None:
    arrivals.note_arrivals(session, commands)


def _minutes(session: Session, commands: Sequence[Any]) -> None:
    pacing_log.write_minutes(session, commands)


def _steps(session: Session, commands: Sequence[Any]) -> None:
    steps.note_steps(session, commands)


def _outside_calls(session: Session, commands: Sequence[Any]) -> None:
    outside_calls.note_outside_calls(session, commands)


def _alarm(session: Session, commands: Sequence[Any]) -> None:
    alarms.write_alarms(session, commands)


def _finish(session: Session, commands: Sequence[Any]) -> None:
    """Asked for at each tick until the engine hears of it: only the first changes anything."""
    for campaign_id in {command.campaign_id for command in commands}:
        if campaigns.get_campaign(session, campaign_id).state is CampaignState.DRAINING:
            campaigns.change_state(session, campaign_id, CampaignTrigger.DRAINED)


RELEASE_REFUSED_S = 300.0

WRITERS: Mapping[type, Callable[[Session, Sequence[Any]], Sequence[FollowUp] | None]] = {
    HoldLead: _hold,
    Originate: _open,
    NoteAttempt: _note,
    NoteRecording: _recordings,
    NoteSupervision: _supervisions,
    NoteStep: _steps,
    NoteOutsideCall: _outside_calls,
    BlockPerson: _block,
    CloseAttempt: _close,
    NoteAgent: _note_agents,
    NoteSkip: _skips,
    ReleaseLeads: _release,
    RaiseAlarm: _alarm,
    NoteArrival: _arrivals,
    NotePacing: _minutes,
    FinishCampaign: _finish,
}
"""In the order of one transaction: an attempt is opened before it is noted, noted before closed."""
