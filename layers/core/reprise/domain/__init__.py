"""The job's life, pure: no AWS, no HTTP, no environment, no clock, no randomness."""
