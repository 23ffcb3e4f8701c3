"""The words of the menu, in the order of the day's work. What the reader may not see is left out."""

#: Word, path under the municipality's own, and what the page calls itself. {top} is how its chief executive is called.
MENU = (
    ("Översikt", "", "overview"),
    ("Styrdokument", "/policies", "policy"),
    ("Ärenden", "/cases", "case"),
    ("Hos {top}", "/decisions", "decisions"),
    ("Mejl", "/mail", "mail"),
    ("Nämnder och personer", "/people", "people"),
    ("Inställningar", "/settings", "settings"),
    ("Användare", "/users", "users"),
)
