"""`python -m exchange.cli`, where the `hub` script is not on the path."""

from exchange.cli import main

main()
