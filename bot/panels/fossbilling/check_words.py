"""What a check says of a panel that cannot be reached or does not let us in."""

from datetime import timedelta
from typing import Final

ON_THE_WAY: Final = {
    "not_connected": "Nothing answers there. Look at PANELIK_PANEL_URL and at firewalls.",
    "certificate": "Its certificate is not valid for this name, or not trusted on this machine.",
    "bad_address": "PANELIK_PANEL_URL is not an address.",
    "redirect": "It leads to another address. Set PANELIK_PANEL_URL to that one.",
    "not_json": "What answers there is not a FOSSBilling: its API is not at this address.",
    "timed_out": "It did not answer in time.",
    "rate_limited": "It says that there were too many calls. Try again in an hour.",
    "maintenance": "The panel has been updated and takes no calls of staff until the update is "
    "finished. Sign in to its admin area as an administrator and finish it there.",
    "budget_spent": "The calls of this hour (PANELIK_PANEL_CALLS_PER_HOUR) are used up.",
}
"""By the reason of the transport; guests have another one for maintenance."""

GUESTS_OUT: Final = "It is in maintenance mode: guests and clients are kept out."

MACHINE: Final = {
    1002: "The panel refuses this machine: its address is not among those that may use the API. "
    "Put it into allowed_ips of api in the panel's config.php.",
    1004: "The panel takes calls from its own pages only. Set require_referrer_header of api in "
    "its config.php to false.",
}
"""By the code of the panel, whatever is asked of it: guests are refused, too."""

TOKEN: Final = MACHINE | {
    201: "The key does not arrive: the panel's web server has to hand the header Authorization on "
    "to PHP.",
    202: "PANELIK_PANEL_TOKEN is empty.",
    206: "PANELIK_PANEL_TOKEN is empty.",
    205: "The panel does not know PANELIK_PANEL_TOKEN. In the panel: sign in as Panelik's staff "
    "member, Profile, API key, and copy it.",
}
"""By the code of the panel."""

NEAR: Final = (
    "Panelik knows it from its source only and was not tried. Payments that reached you outside "
    "the panel are not recorded there as in 0.8: only on an invoice whose payment gateway is "
    "Custom already; set it in the panel, on the invoice, before `panelik paid`. Others wait for "
    "you in `panelik calls`."
)
"""Of 0.6 and 0.7, where mark_as_paid takes no gateway."""

CALLS: Final = 1000
"""Calls of an hour that a FOSSBilling takes from an address, unless it has another setting."""

FEW_CALLS: Final = (
    f"A FOSSBilling takes {CALLS} an hour from an address unless it is in whitelist_ips of "
    "rate_limiter (config.php); then PANELIK_PANEL_CALLS_PER_HOUR can be more."
)
MORE_CALLS: Final = (
    f"A FOSSBilling takes {CALLS} an hour. More works only if this machine's address is in "
    "whitelist_ips of rate_limiter (config.php), which cannot be seen from here. Otherwise the "
    "panel turns staff calls away for the rest of the hour: set PANELIK_PANEL_CALLS_PER_HOUR "
    f"below {CALLS}."
)


def span(apart: timedelta) -> str:
    """A time in words, in the unit that says enough."""
    minutes = round(apart.total_seconds() / 60)
    if minutes < 120:
        return f"{minutes} minutes"
    hours = round(minutes / 60)
    return f"{hours} hours" if hours < 72 else f"{hours // 24} days"
