"""When code runs: the Celery app, its schedule of pulses, and one thin module per kind of pulse. No dates live here."""
