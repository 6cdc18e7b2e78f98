"""What the gateway costs, beside what no gateway can avoid: `make bench`."""
