"""Journeys in a real Chromium; a package, so that its browser and its server last for all."""
