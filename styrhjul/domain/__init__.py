"""The pure core: dates, terms, lifecycles, planner, journal. It takes values, returns decisions and knows nobody."""
