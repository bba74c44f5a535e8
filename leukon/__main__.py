"""`python -m leukon` is the command `leukon`."""

from leukon.cli import main

if __name__ == "__main__":
    main()
