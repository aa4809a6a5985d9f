"""Contacts: found, read with their whole history, written on, merged and taken apart."""
