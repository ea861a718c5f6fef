import pytest
from markupsafe import Markup

from handlers.buttons import OpenCompanyText, OpenHelp, OpenHome, OpenTopic, VoteTopic
from handlers.chat.screens.company_texts import CompanyText
from handlers.chat.screens.screen import Url
from handlers.help import screens
from locales.translator import Translator
from tests.gallery.help import BRACKETS, CONTACT, OWN, helped, voted
from tests.handlers.reading import EN, PL, actions, button, labels, plain, read
from tests.handlers.screen_check import problems
from tests.make import catalog, company, topic


class TestTopics:
    def test_they_are_numbered(self) -> None:
        screen = screens.topics(PL, helped(2))
        assert "1. Zmiana DNS\n2. Zmiana DNS" in read(screen)
        assert actions(screen, OpenTopic) == [OpenTopic(1), OpenTopic(2)]
        assert button(screen, "Wróć").action == OpenHome()

    def test_a_second_page_goes_on_counting(self) -> None:
        screen = screens.topics(EN, helped(12), 5)
        assert labels(screen)[:2] == [["9", "10", "11", "12"], ["‹ Previous", "2 of 2"]]
        assert actions(screen, OpenTopic)[0] == OpenTopic(9, 1)

    def test_below_them_stand_the_contact_and_the_companys_texts(self) -> None:
        screen = screens.topics(PL, helped(1))
        assert labels(screen)[1:] == [
            ["Kontakt"], ["Regulamin", "Prywatność"], ["Pomoc w płatnościach"], ["‹ Wróć"],
        ]  # fmt: skip
        assert button(screen, "Kontakt").action == Url(CONTACT)
        assert button(screen, "Regulamin").action == OpenCompanyText(CompanyText.TERMS)

    def test_a_company_that_says_nothing_has_no_buttons_for_it(self) -> None:
        screen = screens.topics(EN, catalog())
        assert "There are no guides here yet." in read(screen)
        assert labels(screen) == [["‹ Back"]]


class TestATopic:
    def test_the_operators_words_are_shown_as_typed(self) -> None:
        body = "Wpisz <b>ns1</b> & ns2.\n\n1. Raz\n2. Dwa\n"
        screen = screens.topic(PL, voted(about=topic(body={"pl": body})), 2)
        assert f"Zmiana DNS\n\n{body.strip()}\n\nCzy ta informacja była pomocna?" in read(screen)
        assert button(screen, "Wróć").action == OpenHelp(2)

    def test_both_votes_are_offered_and_ones_own_is_marked(self) -> None:
        assert labels(screens.topic(PL, voted()))[0] == ["👍", "👎"]
        assert labels(screens.topic(PL, voted(1, 1, mine=True)))[0] == ["✓ 👍", "👎"]
        screen = screens.topic(PL, voted(1, 2, mine=False), 3)
        assert labels(screen)[0] == ["👍", "✓ 👎"]
        assert actions(screen, VoteTopic) == [VoteTopic(1, True, 3), VoteTopic(1, False, 3)]

    def test_a_language_without_a_text_gets_another(self) -> None:
        found = voted(about=topic(title={"pl": "Poczta"}, body={"pl": "Login to adres."}))
        assert "Poczta\n\nLogin to adres." in read(screens.topic(EN, found))

    def test_a_text_longer_than_a_message_says_so(self) -> None:
        screen = screens.topic(PL, voted(about=topic(body={"pl": BRACKETS})))
        assert problems(screen) == ()
        assert "o resztę zapytaj nas" in read(screen)
        assert "Czy ta informacja była pomocna?" in read(screen)


@pytest.mark.parametrize(
    ("useful", "votes", "said"),
    [
        (0, 0, "Nikt jeszcze nie ocenił tej informacji. Twój głos będzie pierwszy."),
        (1, 1, "1 klient ocenił tę informację jako przydatną (1 głos)"),
        (2, 2, "2 klientów oceniło tę informację jako przydatną (2 głosy)"),
        (5, 7, "5 klientów oceniło tę informację jako przydatną (7 głosów)"),
        (12, 14, "12 klientów oceniło tę informację jako przydatną (14 głosów)"),
        (21, 22, "21 klientów oceniło tę informację jako przydatną (22 głosy)"),
        (1000, 1234, "1000 klientów oceniło tę informację jako przydatną (1234 głosy)"),
    ],
)
def test_the_tally_in_polish(useful: int, votes: int, said: str) -> None:
    assert plain(shown(PL, useful, votes)).replace(" ", "") == said.replace(" ", "")


@pytest.mark.parametrize(
    ("useful", "votes", "said"),
    [
        (1, 1, "1 client found this information helpful (1 vote)"),
        (5, 7, "5 clients found this information helpful (7 votes)"),
    ],
)
def test_the_tally_in_english(useful: int, votes: int, said: str) -> None:
    assert plain(shown(EN, useful, votes)) == said


def shown(t: Translator, useful: int, votes: int) -> Markup:
    tally = screens.tally(t, useful, votes)
    assert tally is not None
    return tally


def test_a_tally_is_hidden_while_nobody_found_it_useful() -> None:
    assert screens.tally(PL, 0, 1) is None


class TestCompanyTexts:
    @pytest.mark.parametrize("which", CompanyText)
    def test_each_has_its_title_and_words(self, which: CompanyText) -> None:
        screen = screens.company_text(EN, catalog(company=OWN), which)
        words = {
            CompanyText.TERMS: "Terms of service\n\nPaid in advance.\n\n1. Per cycle.",
            CompanyText.PRIVACY: "Privacy\n\nWe keep little.",
            CompanyText.PAYMENT_SUPPORT: "Help with payments\n\nWrite to pay@hosting.example.",
        }
        assert words[which] in read(screen)
        assert labels(screen) == [["Contact us"], ["‹ Back"]]

    def test_a_text_that_is_missing_or_blank_is_asked_for_elsewhere(self) -> None:
        blank = company(contact_url=CONTACT, terms={"pl": "  \n"})
        screen = screens.company_text(PL, catalog(company=blank), CompanyText.TERMS)
        assert "nie został tu jeszcze opublikowany" in read(screen)
        assert button(screen, "Kontakt").action == Url(CONTACT)
        alone = screens.company_text(PL, catalog(), CompanyText.PRIVACY)
        assert labels(alone) == [["‹ Wróć"]]
