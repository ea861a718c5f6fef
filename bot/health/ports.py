"""What is wrong with a port."""


class PortError(Exception):
    """The port cannot be used; the text says why."""
