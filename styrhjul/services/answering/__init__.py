"""What a link asks of a body, and taking in the answer: drafts, attachments, delegation, receipts."""
