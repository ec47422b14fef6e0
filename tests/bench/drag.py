"""Dragging a control in Chromium as a hand does, and timing what is painted."""

import asyncio
import math
import statistics
from typing import NamedTuple

WATCH = """(() => {
  const seen = (window.bench = {draws: [], moves: [], frames: new Set(), frame: 0, first: null})
  const tick = () => { seen.frame++; requestAnimationFrame(tick) }
  requestAnimationFrame(tick)
  for (const name of ["fill", "stroke", "fillRect", "drawImage", "putImageData"]) {
    const paint = CanvasRenderingContext2D.prototype[name]
    CanvasRenderingContext2D.prototype[name] = function (...args) {
      const now = performance.now()
      seen.first ??= now
      if (seen.draws.at(-1) !== now) seen.draws.push(now)
      seen.frames.add(seen.frame)
      return paint.apply(this, args)
    }
  }
  addEventListener("pointermove", () => seen.moves.push(performance.now()), true)
})()"""
CLEAR = "() => { Object.assign(bench, {draws: [], moves: [], frames: new Set()}) }"
STEPS, GAP, SECONDS = 24, 0.25, 2.0


class Drag(NamedTuple):
    """What one drag showed: event to redraw in ms (median, 95th percentile), redraws a second, first draw in ms."""

    p50: float
    p95: float
    redraws: float
    first: float


async def measure(browser, address, grip, span=120):
    """Return the `Drag` of a control on a page.

    grip : CSS selector of what to drag; the first match.
    span : px to either side.
    """
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    page = await context.new_page()
    await page.add_init_script(WATCH)
    await page.goto(address)
    target = page.locator(grip).first
    await target.wait_for(state="attached")
    await page.wait_for_function("bench.first !== null")
    await target.scroll_into_view_if_needed()
    box = await _at_rest(page, target)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.evaluate(CLEAR)
    for i in range(STEPS):
        await page.mouse.move(x + span * math.sin((i + 1) / 6), y)
        await asyncio.sleep(GAP)
    moves, draws = await page.evaluate("[bench.moves, bench.draws]")
    waits = [first_after(draws, move, following) for move, following in zip(moves, [*moves[1:], math.inf], strict=True)]
    waits = sorted(wait for wait in waits if wait is not None)
    await page.wait_for_timeout(600)
    redraws = await _free(page, x, y, span)
    first = await page.evaluate("bench.first")
    await context.close()
    if not waits:
        raise RuntimeError(f"{address}: nothing was redrawn while {grip} was dragged")
    return Drag(statistics.median(waits), waits[int(0.95 * (len(waits) - 1))], redraws, first)


async def _at_rest(page, target):
    """Return the target's box once it has not moved for two seconds: a page that still lays itself out cannot be grabbed."""
    box, since = None, 0
    while since < 8:
        await page.wait_for_timeout(250)
        now = await target.bounding_box()
        since = since + 1 if now == box and now is not None else 0
        box = now
    return box


def first_after(draws, move, following):
    """Return the wait from a move to the first draw before the following move, or None."""
    return next((draw - move for draw in draws if move <= draw < following), None)


async def _free(page, x, y, span):
    """Return the redraws a second under moves at 60 Hz that do not wait for the page."""
    await page.evaluate(CLEAR)
    loop = asyncio.get_running_loop()
    start, tasks, i = loop.time(), [], 0
    while loop.time() < start + SECONDS:
        tasks.append(asyncio.ensure_future(page.mouse.move(x + span * math.sin((loop.time() - start) * 9), y)))
        i += 1
        await asyncio.sleep(max(0, start + i / 60 - loop.time()))
    frames = await page.evaluate("bench.frames.size")
    await asyncio.gather(*tasks, return_exceptions=True)
    return frames / SECONDS
