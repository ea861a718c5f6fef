"""Limits of Telegram that screens keep, in characters.

Source: core.telegram.org/bots/api and python-telegram-bot's `telegram.constants`.
"""

NOTE_LIMIT = 200
"""A toast's length; delivery may have to put a toast above the text, so screens leave room."""

CAPTION_LIMIT = 1024
"""The text below a picture, without its formatting, in UTF-16 units."""

COPY_LIMIT = 256
TITLE_LIMIT = 32
"""The title of an invoice."""

DESCRIPTION_LIMIT = 255
"""The description of an invoice."""
