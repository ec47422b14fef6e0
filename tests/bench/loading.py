"""Loading a page in Chromium: when its first figure is drawn and can be played with, when all can, and what jumps."""

from typing import NamedTuple

from tests.bench.drag import WATCH

LISTEN = """(() => {
  const seen = (window.loading = {first: null, all: null, shift: 0})
  addEventListener("figureready", () => { seen.first ??= performance.now() }, true)
  new PerformanceObserver((list) => { for (const e of list.getEntries()) seen.shift += e.value }).observe({type: "layout-shift", buffered: true})
  new MutationObserver(() => { if (document.documentElement.dataset.ready != null) seen.all ??= performance.now() })
    .observe(document, {attributes: true, subtree: true, attributeFilter: ["data-ready"]})
})()"""


class Load(NamedTuple):
    """Milliseconds from the start of navigation; the last is the sum of layout shifts (0.1 is called good)."""

    drawn: float
    first: float | None
    ready: float | None
    shift: float


async def measure(browser, address, ours):
    """Return the `Load` of a page; one that is not `ours` only draws."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    page = await context.new_page()
    await page.add_init_script(WATCH)
    await page.add_init_script(LISTEN)
    await page.goto(address)
    await page.wait_for_function("loading.all !== null" if ours else "bench.first !== null", timeout=60000)
    await page.wait_for_timeout(500)
    drawn, seen = await page.evaluate("[bench.first, loading]")
    await context.close()
    return Load(drawn, seen["first"], seen["all"], seen["shift"])
