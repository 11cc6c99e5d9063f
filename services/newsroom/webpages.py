"""An article -> its web page, and what is out -> a front page; plain HTML that never needs a script."""

from collections.abc import Sequence
from datetime import UTC
from html import escape
from typing import Final

from services.newsroom.feeds import Shown, article_url, feed_url
from services.newsroom.timeline import Outlet

ROBOTS: Final = "User-agent: *\nAllow: /articles/\nAllow: /feeds/\nDisallow: /clock\n"
SAMPLE: Final = "An invented outlet of Parley's sample newsroom; its articles paraphrase the public record."
SEED: Final = "A document of Parley's seed corpus, shown under an invented outlet of the sample newsroom."


def write_article(outlet: Outlet, article: Shown, seed: bool, origin: str) -> str:
    """Return the article's page, laid out as news sites do: metadata, navigation, the text, a footer."""
    title, name = escape(article.title), escape(outlet.name)
    when = article.published.astimezone(UTC)
    paragraphs = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in article.text.split("\n\n"))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title} | {name}</title>
<link rel="canonical" href="{escape(article_url(origin, article.id))}">
<link rel="alternate" href="{escape(feed_url(origin, outlet))}" title="{name}">
<meta property="og:type" content="article">
<meta property="og:title" content="{title}">
<meta property="og:site_name" content="{name}">
<meta property="article:published_time" content="{when.isoformat()}">
<meta property="article:modified_time" content="{article.changed.astimezone(UTC).isoformat()}">
</head>
<body>
<nav><a href="/">The sample newsroom</a></nav>
<main>
<article>
<header>
<h1>{title}</h1>
<time datetime="{when.isoformat()}">{when:%d %B %Y, %H:%M} UTC</time>
</header>
<div class="article-body">
{paragraphs}
</div>
</article>
</main>
<footer>{escape(SEED if seed else SAMPLE)}</footer>
</body>
</html>
"""


def write_front(outlets: Sequence[Outlet], articles: Sequence[tuple[Outlet, Shown]], clock: str, origin: str) -> str:
    """Return a page for people: the clock, the feeds, and the newest of `articles` first."""
    feeds = "\n".join(
        f'<li><a href="{escape(feed_url(origin, outlet))}">{escape(outlet.name)}</a>: {escape(outlet.about)}</li>'
        for outlet in outlets
    )
    newest = sorted(articles, key=lambda pair: pair[1].published, reverse=True)
    lines = "\n".join(
        f'<li>{shown.published:%Y-%m-%d} {escape(outlet.name)}: <a href="/articles/{escape(shown.id)}">'
        f"{escape(shown.title)}</a></li>"
        for outlet, shown in newest
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Parley's sample newsroom</title></head>
<body>
<h1>Parley's sample newsroom</h1>
<p>Invented outlets that replay a timeline on its own clock, which stands at {escape(clock)}.</p>
<ul>
{feeds}
</ul>
<ol reversed>
{lines}
</ol>
</body>
</html>
"""
