"""``python -m stemgraph.app``: the same as the command ``stemgraph``."""

from stemgraph.app.commands import main

if __name__ == "__main__":
    main()
