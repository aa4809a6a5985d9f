"""Campaigns, lists, users, do-not-call numbers and the audit trail."""
