"""The only door between the web and the dialer: events of people in, pictures and pops out."""

from dialer.bus.codec import decode_people_event, decode_screen, encode
from dialer.bus.redis import Bus

__all__ = ["Bus", "decode_people_event", "decode_screen", "encode"]
