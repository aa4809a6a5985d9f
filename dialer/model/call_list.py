"""A list: from the first byte of its file to leads that may be dialled, and back out again.

Only the leads of a list that is READY or IMPORTING are dialled: a list that was STOPPED keeps what
was committed, but waits until somebody resumes it or takes it back. UNDONE keeps the leads that
had been dialled.
"""

from enum import StrEnum

from dialer.model.machine import Machine


class ListState(StrEnum):
    RECEIVING = "RECEIVING"
    """Its file is under way from a browser."""
    UPLOADED = "UPLOADED"
    CHECKING = "CHECKING"
    """A dry run: everything but the leads."""
    IMPORTING = "IMPORTING"
    STOPPING = "STOPPING"
    STOPPED = "STOPPED"
    READY = "READY"
    FAILED = "FAILED"
    """The file is unfit; nothing of it was loaded."""
    UNDOING = "UNDOING"
    UNDONE = "UNDONE"


class ListTrigger(StrEnum):
    RECEIVE = "receive"
    CHECK = "check"
    CHECKED = "checked"
    START = "start"
    ASK_STOP = "ask_stop"
    STOP = "stop"
    FINISH = "finish"
    FAIL = "fail"
    UNDO = "undo"
    UNDONE = "undone"


_S, _T = ListState, ListTrigger

LIST_MACHINE: Machine[ListState, ListTrigger] = Machine(
    name="list",
    initial=_S.RECEIVING,
    table={
        (_S.RECEIVING, _T.RECEIVE): _S.UPLOADED,
        (_S.UPLOADED, _T.CHECK): _S.CHECKING,
        (_S.FAILED, _T.CHECK): _S.CHECKING,
        (_S.CHECKING, _T.CHECKED): _S.UPLOADED,
        (_S.CHECKING, _T.FAIL): _S.FAILED,
        (_S.UPLOADED, _T.START): _S.IMPORTING,
        (_S.FAILED, _T.START): _S.IMPORTING,
        (_S.STOPPED, _T.START): _S.IMPORTING,
        (_S.READY, _T.START): _S.IMPORTING,
        (_S.UNDONE, _T.START): _S.IMPORTING,
        (_S.IMPORTING, _T.START): _S.IMPORTING,  # again, after its worker died
        (_S.IMPORTING, _T.ASK_STOP): _S.STOPPING,
        (_S.IMPORTING, _T.STOP): _S.STOPPED,  # a breakdown after some leads were committed
        (_S.STOPPING, _T.STOP): _S.STOPPED,
        (_S.STOPPING, _T.FINISH): _S.READY,
        (_S.STOPPING, _T.FAIL): _S.FAILED,
        (_S.IMPORTING, _T.FINISH): _S.READY,
        (_S.IMPORTING, _T.FAIL): _S.FAILED,
        (_S.READY, _T.UNDO): _S.UNDOING,
        (_S.STOPPED, _T.UNDO): _S.UNDOING,
        (_S.UNDOING, _T.UNDO): _S.UNDOING,  # again, after its worker died
        (_S.UNDONE, _T.UNDO): _S.UNDOING,  # again, for leads that were in hand
        (_S.UNDOING, _T.UNDONE): _S.UNDONE,
    },
    ignored=frozenset({(_S.STOPPING, _T.ASK_STOP), (_S.READY, _T.ASK_STOP)}),
)


class DedupeScope(StrEnum):
    """Where a number must not be known yet; within a list it never is twice."""

    LIST = "LIST"
    CAMPAIGN = "CAMPAIGN"
    EVERYWHERE = "EVERYWHERE"


class RowFault(StrEnum):
    """Why a row became no lead."""

    NO_NUMBER = "NO_NUMBER"
    BAD_NUMBER = "BAD_NUMBER"
    CUT_NUMBER = "CUT_NUMBER"
    """Written with an exponent (3.36E+10): its last digits are gone."""
    TOO_MANY_CELLS = "TOO_MANY_CELLS"
    TOO_LONG = "TOO_LONG"
    BAD_BYTES = "BAD_BYTES"
    """Not readable in the file's encoding."""
    NUL_CHARACTER = "NUL_CHARACTER"
    HEADER_AGAIN = "HEADER_AGAIN"
    BAD_CONSENT_DATE = "BAD_CONSENT_DATE"
    BAD_TIME_ZONE = "BAD_TIME_ZONE"
    """Neither a name of the IANA's nor whole hours from UTC."""
    NO_CONSENT = "NO_CONSENT"
    DO_NOT_CALL = "DO_NOT_CALL"
    NUMBER_ABOVE = "NUMBER_ABOVE"
    """A row above has the number."""
    NUMBER_ELSEWHERE = "NUMBER_ELSEWHERE"
    """Another list has the number."""


DUPLICATES = frozenset({RowFault.NUMBER_ABOVE, RowFault.NUMBER_ELSEWHERE})
BLOCKED = frozenset({RowFault.DO_NOT_CALL, RowFault.NO_CONSENT})
