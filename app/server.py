"""The server: the article at `/`, each figure alone at `/figures/<name>`, health, and a 404 that helps."""

import os
from functools import cache, partial

import bokeh
from bokeh.application.handlers.function import FunctionHandler
from bokeh.core.has_props import HasProps
from bokeh.core.property.descriptors import PropertyDescriptor
from bokeh.document import Document
from bokeh.embed.bundle import extension_dirs
from bokeh.server.views.ws import WSHandler
from bokeh.settings import settings
from panel.io.application import Application
from panel.io.server import get_server
from tornado.web import RequestHandler

from app.page import ASSETS, SCRIPTS, TEMPLATES, build
from components import FIGURES, style
from components.figure import ENGINES

HOST, PORT, ENGINE = "127.0.0.1", 5006, "python"
STATIC = "momentum"
"""Name under which any Bokeh server, `panel serve app` included, serves the files of assets/."""

extension_dirs[STATIC] = ASSETS


def setting(name, default):
    """Return the environment's MOMENTUM_<NAME>, or the default."""
    return os.environ.get(f"MOMENTUM_{name.upper()}", default)


def chosen_engine(name=None):
    """Return the engine asked for; ValueError names the choices."""
    engine = setting("engine", ENGINE) if name is None else name
    if engine not in ENGINES:
        raise ValueError(f"engine: {engine!r} is not one of {', '.join(ENGINES)}")
    return engine


def _open_without_delay(handler, *args, _open=WSHandler.open, **kwargs):
    # Small messages both ways: Nagle's algorithm together with delayed acknowledgements stalls them by 40 ms.
    handler.set_nodelay(True)
    return _open(handler, *args, **kwargs)


WSHandler.open = _open_without_delay

# Two questions that Bokeh asks anew for each property of each model, though its class has settled the answers when it was
# made. Remembered, they take a third off what a reader's session costs.
HasProps._overridden_defaults = classmethod(cache(HasProps._overridden_defaults.__func__))


@cache
def _has_unstable_default(descriptor, model_class, _ask=PropertyDescriptor.has_unstable_default):
    return _ask(descriptor, model_class)


PropertyDescriptor.has_unstable_default = lambda descriptor, model: _has_unstable_default(descriptor, type(model))

# The tests validate every figure's models; doing so again for each reader costs as much as building them.
settings.perform_document_validation.set_value(False)


def named(host, port):
    """Return host:port as an address has it: an IPv6 host in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def article_on(document, *, engine=None, single=None, up="", figures_alone=True):
    """Build the article, or one figure, on a session's document; return its figures.

    up : path to the server's root.
    figures_alone : whether this server has a page for each figure, so that one can be embedded.
    """
    return build(
        document,
        engine=chosen_engine(engine),
        single=single,
        asset=lambda name: f"{up}static/extensions/{STATIC}/{name}",
        scripts=[f"{up}static/js/{name}?v={bokeh.__version__}" for name in SCRIPTS],
        figure_url=lambda slug: f"{up}figures/{slug}" if figures_alone else None,
        article_url=up or "./",
    )


def warm_up(engine=None):
    """Make prose, formulas and traces, so that the first reader waits no longer than the next."""
    for figure in article_on(Document(), engine=engine).values():
        figure.close()


class NotFound(RequestHandler):
    """An address that leads nowhere: say so, and where the figures are."""

    def get(self, path=""):
        """Answer 404 with the list of figures."""
        self.set_status(404)
        up = "../" * max(0, self.request.path.removeprefix(self.application.prefix).count("/") - 1)
        page = TEMPLATES.get_template("not_found.html")
        self.finish(page.render(path=self.request.path, figures=FIGURES, up=up, css_variables=style.css_variables()))

    head = get


def make_server(*, host=HOST, port=PORT, engine=None, origins=(), prefix=""):
    """Return a server that listens on host:port, not yet started.

    Raises
    ------
    ValueError
        For an unknown engine.
    OSError
        For a port in use or an address that is not this machine's.
    """
    engine = chosen_engine(engine)
    warm_up(engine)

    def application(**options):
        return Application(FunctionHandler(partial(article_on, engine=engine, **options)))

    pages = {"/": application()} | {f"/figures/{slug}": application(single=slug, up="../") for slug in FIGURES}
    server = get_server(
        pages,
        port=port,
        address=host,
        websocket_origin=list(origins),
        title="Momentum",
        liveness="health",
        location=False,
        extra_patterns=[(r"/(?!static/|health$|favicon\.ico$|ws$|metadata$|autoload\.js$)(.+)", NotFound)],
        prefix=prefix,
        check_unused_sessions_milliseconds=2000,
        unused_session_lifetime_milliseconds=5000,
        keep_alive_milliseconds=20000,
        start=False,
        show=False,
        verbose=False,
    )
    # Its own pages may connect, too; which port is theirs is known only now.
    server._tornado.websocket_origins.update(named(name, server.port) for name in (host, "127.0.0.1", "localhost"))
    return server
