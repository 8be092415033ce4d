"""Makes the invented data of an invoicing service; run it with samples/generate."""
