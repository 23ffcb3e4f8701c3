"""What the judges of HTML may say without anybody being worse off, each with its reason."""

from __future__ import annotations

import re

#: Word, which draws the mails of Outlook for Windows, knows no other way. The styles beside them say the same.
OBSOLETE = re.compile(
    r"The “(width|height|align|bgcolor|cellpadding|cellspacing|border)” attribute on the “(table|td)” element is "
    r"obsolete\. .*"
)

WORD = ("outlook.windows", "outlook.windows-mail")
#: Gmail shows a page of a mailbox elsewhere (IMAP) without its style sheet.
FOREIGN_GMAIL = ("gmail.android", "gmail.ios", "gmail.mobile-webmail")
GMAIL = (*FOREIGN_GMAIL, "gmail.desktop-webmail")
MOBILE_AND_WEB = ("outlook.android", "outlook.ios", "outlook.outlook-com")
OUTLOOK = (*WORD, *MOBILE_AND_WEB, "outlook.macos")
ALL_BUT_THUNDERBIRD = (*GMAIL, *OUTLOOK, "apple-mail.*")
_SHEET = "every style stands in its tag; the sheet adds the dark colours and the phone's margins, nothing else"
_HIDDEN = "display: none hides the first line's repetition already"

#: A feature of caniemail: the programs that lack it, and why nothing is lost there.
HARMLESS: dict[str, tuple[tuple[str, ...], str]] = {
    "<style> element": ((*GMAIL, *WORD), _SHEET),
    "@media": ((*GMAIL, *WORD, *MOBILE_AND_WEB, "thunderbird.macos"), _SHEET),
    "!important keyword": ((*GMAIL, *WORD), _SHEET),
    "Class selector": (FOREIGN_GMAIL, _SHEET),
    "Descendant combinator": (FOREIGN_GMAIL, _SHEET),
    "Type selector": (FOREIGN_GMAIL, _SHEET),
    "Attribute selector": (
        (*GMAIL, *WORD, *MOBILE_AND_WEB),
        "[data-ogsc] stands alone, as Outlook on the web wants it, in a sheet of its own that others may drop",
    ),
    "color-scheme CSS property": ((*GMAIL, *OUTLOOK), "the program chooses the colours itself"),
    "color-scheme meta tag": ((*GMAIL, *OUTLOOK, "apple-mail.ios"), "the program chooses the colours itself"),
    "<body> element": (
        (*GMAIL, *MOBILE_AND_WEB, "outlook.macos"),
        "the ground's colour and width are the outermost table's too",
    ),
    "role attribute": (("outlook.windows-mail",), "the program was withdrawn in 2024; read aloud, it tells of tables"),
    "align attribute": (("outlook.macos",), "a cell is centred; only left and right on tables fail"),
    "background": (WORD, "only colours are used"),
    "border": (WORD, "no border is drawn; border=0 is the attribute"),
    "border-radius": (WORD, "the corners are square there"),
    "display": ((*WORD, "gmail.android", "gmail.ios"), "inline-block falls back to inline; Word is given its padding"),
    "display:none": ((*WORD, "gmail.mobile-webmail"), "Word has mso-hide; elsewhere one line more is read"),
    "max-height property": (WORD, _HIDDEN),
    "overflow": (ALL_BUT_THUNDERBIRD, _HIDDEN),
    "font-size": (WORD, "every size is in px"),
    "font-weight": (WORD, "600 and 700 are both bold"),
    "height attribute": (("outlook.windows",), "heights of rules and bars, in px"),
    "height property": (("outlook.windows",), "stands on cells only"),
    "width attribute": (("outlook.windows",), "100 % of tables, never of pictures"),
    "width property": (("outlook.windows",), "stands on cells only"),
    "line-height": (WORD, "mso-line-height-rule is set for Word"),
    "margin": ((*GMAIL, *MOBILE_AND_WEB, *WORD), "the only margin is 0"),
    "max-width": ((*WORD, "apple-mail.ios"), "Word gets a table of 600 px around the card; a phone is narrower anyway"),
    "padding": (WORD, "stands on cells; a heading loses 8 px of air, and the button's padding is given to its cell"),
    "text-decoration": ((*WORD, "gmail.android", "gmail.ios"), "one value, on links, which are links without it too"),
    "white-space": ((*WORD, "gmail.android", "gmail.ios"), "a date may break over two lines"),
}
