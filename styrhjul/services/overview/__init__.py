"""How everything stands and what is to come, with nothing decided: cases, rounds, the year, the forecast."""
