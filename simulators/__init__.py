"""Independent fakes of the vendors, over real HTTP: made from each vendor's published facts, not from the gateway."""
