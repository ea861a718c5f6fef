"""The person of the sandbox, under the name that tests use."""

from bot.sandbox.talk.person import Person
from bot.sandbox.talk.reading import readable
from locales.text import legible

__all__ = ["Person", "legible", "readable"]
