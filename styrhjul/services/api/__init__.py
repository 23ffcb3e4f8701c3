"""What programs may do and are told: tokens, answers and lists by a program, webhooks, data that is open."""
