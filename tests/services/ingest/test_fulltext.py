"""A page gives its article or nothing."""

from services.ingest.fulltext import extract_text

SENTENCES = [
    "The two delegations met for five hours in a palace outside the city and left without a word to reporters.",
    "A diplomat who was briefed on the meeting said that the line of contact remained the hardest question of all.",
    "Both sides are expected to return next week, when their leaders will have read the new draft and marked it.",
]
PAGE = (
    "<html><head><title>Talks</title><script>track()</script></head><body><nav><a href='/'>Home</a>"
    "<a href='/w'>World</a></nav><article><h1>Talks end</h1>"
    + "".join(f"<p>{line}</p>" for line in SENTENCES)
    + "</article>"
    "<footer>Copyright. All rights reserved. Subscribe to our newsletter.</footer></body></html>"
)


def test_an_article_comes_out_as_its_paragraphs() -> None:
    text = extract_text(PAGE.encode(), "https://x.org/a")
    assert text is not None
    assert text.split("\n\n")[-3:] == SENTENCES
    assert "track" not in text
    assert "Home" not in text


def test_a_page_in_another_charset_is_read() -> None:
    page = PAGE.replace("<head>", '<head><meta charset="windows-1252">').replace("palace", "palais de l’Élysée")
    text = extract_text(page.encode("cp1252"), "https://x.org/a")
    assert text is not None
    assert "palais de l’Élysée" in text


def test_a_consent_wall_gives_nothing() -> None:
    wall = b"<html><body><p>We value your privacy. Accept all cookies to go on reading.</p></body></html>"
    assert extract_text(wall, "https://x.org/a") is None


def test_no_bytes_are_too_broken() -> None:
    for broken in (b"", b"\0\xff\xfe" * 50, b"<" * 5000, b"<p>" * 20_000, PAGE.encode()[:200], b"%PDF-1.7 \x00\x01"):
        assert extract_text(broken, "https://x.org/a") is None
