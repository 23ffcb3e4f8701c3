"""Mail that comes in: what it is, told from its bytes alone. Nothing here answers, stores or connects."""
