"""relance: predictive dialer and contact platform on FreeSWITCH."""

__version__ = "0.1.0"
