"""What `panel serve app` does before its first reader comes."""

from app.server import warm_up


def on_server_loaded(server_context):
    """Build the article once."""
    warm_up()
