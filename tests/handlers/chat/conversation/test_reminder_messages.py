from billing.ports.conversations import View
from handlers.chat.conversation.reminder_messages import MOST, note_message, shows_reminder

SENT, OTHER = 10, 20
"""A reminder as it was sent, and a screen that was sent in answer to something."""


def after(*taps: tuple[int, int | None, bool]) -> View:
    """The view after taps: on which message, which had the keyboard, whether it reminds."""
    view: View = {"filter": "active"}
    for tapped, keyboard_id, reminds in taps:
        view = note_message(view, tapped, keyboard_id, reminds=reminds)
    assert view["filter"] == "active"
    return view


def test_what_nobody_has_tapped_on_shows_what_was_sent() -> None:
    assert shows_reminder({}, SENT)
    assert shows_reminder(after((OTHER, OTHER, False)), SENT)
    assert after((OTHER, OTHER, False)) == {"filter": "active"}


def test_a_tap_that_leads_elsewhere_takes_the_message() -> None:
    assert not shows_reminder(after((SENT, OTHER, False)), SENT)
    later = after((SENT, OTHER, False), (OTHER, SENT, False), (OTHER, OTHER, False))
    assert not shows_reminder(later, SENT)


def test_a_tap_that_draws_the_reminder_leaves_it_one_until_the_next_leads_elsewhere() -> None:
    drawn = after((SENT, OTHER, True))
    assert shows_reminder(drawn, SENT)
    assert shows_reminder(note_message(drawn, OTHER, SENT, reminds=False), SENT)
    assert not shows_reminder(note_message(drawn, SENT, SENT, reminds=False), SENT)


def test_the_way_back_makes_it_a_reminder_again() -> None:
    back = after((SENT, OTHER, False), (SENT, SENT, True))
    assert shows_reminder(back, SENT)
    assert not shows_reminder(note_message(back, SENT, SENT, reminds=False), SENT)


def test_a_second_reminder_does_not_make_the_first_anything_else() -> None:
    both = after((SENT, OTHER, True), (SENT + 1, SENT, True))
    assert shows_reminder(both, SENT)
    assert shows_reminder(both, SENT + 1)


def test_the_notes_do_not_grow_for_ever() -> None:
    view = after(*((message, OTHER, False) for message in range(100, 100 + 3 * MOST)))
    taken = [message for message in range(100, 500) if not shows_reminder(view, message)]
    assert taken == list(range(100 + 2 * MOST, 100 + 3 * MOST))


def test_notes_of_another_kind_are_ignored() -> None:
    assert shows_reminder({"chat.taken": "x"}, SENT)
