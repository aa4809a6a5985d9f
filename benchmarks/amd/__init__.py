"""How well answering machines are detected: the corpus, the rivals, the gates."""
