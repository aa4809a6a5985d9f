"""Which connector carries which kind of message, made from the process's settings."""

from dialer.channels.base import Channel
from dialer.channels.sms_http import SmsHttp, SmsTemplate
from dialer.config import Settings


def sms_channel(settings: Settings) -> Channel | None:
    """The SMS connector; None when none is configured, and messages stay queued."""
    if not settings.sms_url:
        return None
    return SmsHttp(SmsTemplate(url=settings.sms_url, token=settings.sms_token))
