"""The visible line at the top of a mail on trial: whom it would have gone to, and that its links open nothing."""

from __future__ import annotations

import re
from dataclasses import replace

from markupsafe import Markup

from styrhjul.mail import layout
from styrhjul.mail.render import Rendered

_BODY = re.compile(r"<body\b[^>]*>")
_STYLE = "margin:0;padding:12px 20px;background-color:#7A2E12;color:#FFFFFF;font-family:Arial,sans-serif;font-size:16px"
_SAID = {
    "sv": "PROVKÖRNING. Mejlet skulle ha gått till {0}. Ingen annan har fått det, och länkarna öppnar inget.",
    "en": "TRIAL RUN. This mail would have gone to {0}. Nobody else has got it, and its links open nothing.",
}


def on_trial(rendered: Rendered, whom: str, language: str) -> Rendered:
    """Return the mail with the line above everything else; `whom` is escaped in the HTML."""
    line = _SAID.get(language, _SAID["sv"]).format(layout.flat(whom))
    row = Markup('<p style="{0}">{1}</p>').format(_STYLE, line)
    html, found = _BODY.subn(lambda body: f"{body[0]}\n{row}", rendered.html, count=1)
    if not found:
        raise ValueError("the mail has no body to stand in")
    return replace(rendered, text=f"{layout.wrap(line)}\n\n{rendered.text}", html=html)
