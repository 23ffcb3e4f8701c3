"""The pages behind a link in a mail: read, write, review, hand in. No sign-in, one form, nothing else to see."""
