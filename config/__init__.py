"""What differs by place: settings from the environment, the clock, the log. Read by entry points and services only."""
