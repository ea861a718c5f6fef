from handlers import buttons
from handlers.chat.screens.codec import registered
from handlers.chat.screens.origin import Origin
from handlers.routes import ROUTES


def test_every_button_leads_somewhere() -> None:
    ours = {cls.__name__ for cls in registered().values() if cls.__module__ == buttons.__name__}
    routed = {route.payload.__name__ for route in (*ROUTES.taps, *ROUTES.staff_taps)}
    assert ours - routed == set()


def test_every_routed_payload_is_a_button_of_ours() -> None:
    assert {route.payload for route in (*ROUTES.taps, *ROUTES.staff_taps)} <= set(
        registered().values()
    )


def test_back_leads_to_a_screen_from_everywhere() -> None:
    routed = {route.payload.__name__ for route in (*ROUTES.taps, *ROUTES.staff_taps)}
    for origin in Origin:
        assert type(buttons.back_to(origin)).__name__ in routed
