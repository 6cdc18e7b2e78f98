"""python -m cli: what .venv/bin/reprise runs."""

from cli.main import main

if __name__ == "__main__":
    main()
