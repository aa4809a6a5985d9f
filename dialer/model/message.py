"""A message sent on a digital channel, and how far it got.

Delivery reports come late and in any order: the state never goes back, and FAILED after
DELIVERED (a second device) changes nothing.
"""

from enum import StrEnum

from dialer.model.machine import Machine


class ChannelKind(StrEnum):
    SMS = "SMS"


class MessageState(StrEnum):
    QUEUED = "QUEUED"
    SENT = "SENT"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


class MessageTrigger(StrEnum):
    SEND = "send"
    DELIVER = "deliver"
    FAIL = "fail"


_S, _T = MessageState, MessageTrigger

MESSAGE_MACHINE: Machine[MessageState, MessageTrigger] = Machine(
    name="message",
    initial=_S.QUEUED,
    final=frozenset({_S.DELIVERED, _S.FAILED}),
    table={
        (_S.QUEUED, _T.SEND): _S.SENT,
        (_S.QUEUED, _T.FAIL): _S.FAILED,
        (_S.QUEUED, _T.DELIVER): _S.DELIVERED,  # the report overtook the answer to the request
        (_S.SENT, _T.DELIVER): _S.DELIVERED,
        (_S.SENT, _T.FAIL): _S.FAILED,
        (_S.FAILED, _T.DELIVER): _S.DELIVERED,  # another device of the person got it
    },
    ignored=frozenset(
        {(_S.DELIVERED, t) for t in _T}
        | {(_S.SENT, _T.SEND), (_S.FAILED, _T.SEND), (_S.FAILED, _T.FAIL)}
    ),
)
