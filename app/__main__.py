"""Command line: `python -m app serve` and `python -m app export`."""

import argparse
import sys

from app.server import HOST, PORT, make_server, named, setting
from components import FIGURES
from components.figure import ENGINES


def _port(text):
    """Return a port number, or say what one is."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: a whole number from 0 to 65535")
    return int(text)


def parser():
    """Return the parser of the two commands."""
    top = argparse.ArgumentParser(prog="python -m app", description="The explorable article on momentum.")
    commands = top.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve the article")
    serve.add_argument("--host", default=setting("host", HOST), help="address to listen on (default: %(default)s)")
    serve.add_argument("--port", type=_port, default=setting("port", str(PORT)), help="default: %(default)s; 0: any free one")
    serve.add_argument("--engine", choices=ENGINES, default=None, help="who computes: the server, or each browser")
    serve.add_argument("--prefix", default="", help="path under which a proxy publishes the server")
    serve.add_argument(
        "--origin", action="append", default=[], metavar="HOST[:PORT]", help="a further host whose pages may connect"
    )
    export = commands.add_parser("export", help="write the article as files that need no server")
    export.add_argument("--out", required=True, metavar="DIR", help="folder to write to")
    export.add_argument("--figure", action="append", choices=list(FIGURES), help="only this figure (may be repeated)")
    export.add_argument("--single-file", action="store_true", help="each page one file with everything inside")
    return top


def _serve(options):
    try:
        server = make_server(
            host=options.host,
            port=options.port,
            engine=options.engine,
            origins=options.origin,
            prefix=options.prefix,
        )
    except ValueError as error:
        sys.exit(f"error: {error}")
    except OSError as error:
        sys.exit(
            f"error: cannot listen on {options.host} port {options.port}: {error.strerror or error}; choose another with --port"
        )
    address = f"http://{named(options.host, server.port)}{server.prefix}/"
    # From the loop: whoever waits for this line may end us at once, and the handlers of that are in place by then.
    server.io_loop.add_callback(print, f"Serving the article on {address} (Ctrl-C ends)", flush=True)
    server.run_until_shutdown()


def _export(options):
    from app.export import export

    try:
        export(options.out, figures=options.figure, single_file=options.single_file, progress=print)
    except (ValueError, OSError) as error:
        sys.exit(f"error: {error}")


def main(arguments=None):
    """Run the command line."""
    options = parser().parse_args(arguments)
    if options.command == "serve":
        _serve(options)
    else:
        _export(options)


if __name__ == "__main__":
    main()
