"""How long a message that was claimed for sending belongs to its process."""

from datetime import timedelta

LEASE = timedelta(minutes=3)
"""After that another process may take it: longer than the way out may take at its worst, with
Telegram asking to wait, or a message would go out twice."""
