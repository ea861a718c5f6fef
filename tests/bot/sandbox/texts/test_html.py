"""What Telegram's own parser makes of it: cases after TDLib's test/message_entities.cpp."""

import pytest

from bot.sandbox.errors import ApiError, Json
from bot.sandbox.texts.entities import normal_url
from bot.sandbox.texts.html import parse_html


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("&#57311;", "Text contains invalid Unicode characters"),
        ("🏟 🏟&lt;<abacaba", "Unclosed start tag at byte offset 13"),
        ("🏟 🏟&lt;<abac aba>", 'Unsupported start tag "abac" at byte offset 13'),
        ("a<br>b", 'Unsupported start tag "br" at byte offset 1'),
        ("1 < 2", "Unsupported start tag"),
        ("<i   =aba>", 'Empty attribute name in the tag "i" at byte offset 0'),
        ("<i    aba>", 'Can\'t find end tag corresponding to start tag "i"'),
        ("<i    aba  =  ", 'Unclosed start tag "i" at byte offset 0'),
        ("<i    aba  =  190azAz-.,", "Unexpected end of name token at byte offset 14"),
        ('<i    aba  =  "&lt;&gt;&quot;>', "Unclosed start tag at byte offset 0"),
        ("</", "Unexpected end tag at byte offset 0"),
        ("<b></b></", "Unexpected end tag at byte offset 7"),
        ("<i>a</i   ", "Unclosed end tag at byte offset 4"),
        ("<i>a</em>", 'Unmatched end tag at byte offset 4, expected "</i>", found "</em>"'),
        ("<b><i>a</b></i>", "Unmatched end tag at byte offset 7"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<tg-time unix="12" format="rt">a</tg-time>', "Invalid date format used"),
        ('<tg-time unix="soon">a</tg-time>', "Invalid unix time specified"),
    ],
)
def test_broken_html_is_refused_in_telegrams_words(source: str, error: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse_html(source)
    assert refused.value.code == 400
    assert refused.value.description.startswith(f"Bad Request: can't parse entities: {error}")


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("", "", []),
        ("&ge;&lt;&gt;&amp;&quot;&laquo;&#12345678;", '&ge;<>&"&laquo;&#12345678;', []),
        ("&nbsp;&#322;&#x142", "&nbsp;łł", []),
        ("🏟<i>🏟 &lt🏟</i>", "🏟🏟 <🏟", [("italic", 2, 6)]),
        ("<i>a<b x = y>b</b></i>", "ab", [("italic", 0, 2), ("bold", 1, 1)]),
        ("<B>a</B>", "a", [("bold", 0, 1)]),
        ("<i>a</>", "a", [("italic", 0, 1)]),
        ("a<b></b>", "a", []),
        ("<u>a</u><ins>b</ins>", "ab", [("underline", 0, 1), ("underline", 1, 1)]),
        ("<s>a</s><del>b</del>", "ab", [("strikethrough", 0, 1), ("strikethrough", 1, 1)]),
        ("<tg-spoiler>a</tg-spoiler>", "a", [("spoiler", 0, 1)]),
        ("<span class='tg-spoiler'>a</span>", "a", [("spoiler", 0, 1)]),
        ("<pre><code>a</code></pre>", "a", [("pre", 0, 1), ("code", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
        ("<a> </a>", " ", []),
        ('<a href="javascript:alert(1)">x</a>', "x", []),
    ],
)
def test_good_html_becomes_text_and_entities(
    source: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    parsed, found = parse_html(source)
    assert parsed == text
    assert [(e["type"], e["offset"], e["length"]) for e in found] == entities


@pytest.mark.parametrize(
    ("source", "extra"),
    [
        ('<a href="https://a.pl/?b=1&amp;c">x</a>', {"url": "https://a.pl/?b=1&c"}),
        ("<a>telegram.org</a>", {"url": "http://telegram.org/"}),
        ('<pre><code class="language-sh">ls</code></pre>', {"language": "sh"}),
        (
            '<tg-time unix="12" format="wDT">a</tg-time>',
            {"unix_time": 12, "date_time_format": "wDT"},
        ),
        ('<tg-emoji emoji-id="5">a</tg-emoji>', {"custom_emoji_id": "5"}),
    ],
)
def test_an_entity_keeps_what_its_tag_says(source: str, extra: Json) -> None:
    (entity,) = parse_html(source)[1]
    assert extra.items() <= entity.items()


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://panel.example.com", "https://panel.example.com/"),
        ("tg://user?id=1", "tg://user?id=1"),
        ("http://127.0.0.1:8080/pay", "http://127.0.0.1:8080/pay"),
        ("http://localhost/pay", None),
        ("mailto:a@b.pl", None),
        ("", None),
        ("a b.pl", None),
    ],
)
def test_a_link_is_kept_only_with_an_address_telegram_takes(url: str, kept: str | None) -> None:
    assert normal_url(url) == kept
