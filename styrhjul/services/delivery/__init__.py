"""Mails on their way: composed when notices fall due, sent, followed; and what comes back."""
