"""Which connector carries which kind of message, made from the process's settings."""

from dialer.channels.base import Channel
from dialer.channels.sms_http import SmsHttp, SmsTemplate
from dialer.channels.twilio import Twilio, TwilioAccount
from dialer.config import Settings, SmsProvider


def sms_channel(settings: Settings) -> Channel | None:
    """The SMS connector; None when none is configured, and messages stay queued."""
    if not settings.sms_url:
        return None
    if settings.sms_provider is SmsProvider.TWILIO:
        return Twilio(
            TwilioAccount(
                settings.sms_url, settings.sms_token, settings.sms_from, settings.public_url
            )
        )
    return SmsHttp(SmsTemplate(url=settings.sms_url, token=settings.sms_token))
