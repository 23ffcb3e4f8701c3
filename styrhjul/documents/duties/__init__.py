"""What a document asks of somebody: from its blocks of text, sentence by sentence, to duties with their reasons."""
