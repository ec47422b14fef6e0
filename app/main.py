"""What `panel serve app` runs: the article, once for every reader."""

import panel as pn

from app.server import article_on

article_on(pn.state.curdoc, figures_alone=False)
