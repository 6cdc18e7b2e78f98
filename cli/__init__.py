"""The command `reprise`, for the owner of a stack: keys, dead letters, a doctor. One file a group of commands."""
