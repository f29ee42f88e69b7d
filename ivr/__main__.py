"""``python -m ivr``: installs the reactor that everything runs on, then does what was asked."""

import sys


def main() -> None:
    import uvloop

    from ivr.aio import install_reactor

    install_reactor(uvloop.new_event_loop())
    from ivr.cli.main import run

    run()


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - said in words to who runs it by hand
        sys.exit("Moked needs Python 3.11 or newer")
    main()
