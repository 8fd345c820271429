"""`python -m flows`: the same as `pullquote`."""

from flows.cli import main

main(prog_name="pullquote")
