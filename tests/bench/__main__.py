"""Print every measurement of the article: `python -m tests.bench [--rounds N] [--quick]`."""

import argparse
import asyncio
import gzip
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path

import numpy as np
from bokeh.document import Document
from playwright.async_api import async_playwright

from app.export import export
from app.server import article_on
from components import FIGURES
from components.controls import as_number, describe
from tests.bench import drag, loading
from tests.bench.bare import canvas_html, line_html
from tests.conftest import ROOT, chromium_path, serving

REFERENCE, BARE = "plain Panel", "a bare Bokeh page with a line"
HANDLE = ".noUi-handle"
CENTRE = "?error_decomposition.alpha_lam=1"


@contextmanager
def plain_panel():
    """Serve the plain Panel page; yield its address."""
    command = [sys.executable, "-m", "panel", "serve", "tests/bench/plain_panel.py", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield next(line.strip().rpartition(" ")[2] for line in process.stdout if "http://" in line)
    finally:
        process.kill()
        process.wait(20)
        process.stdout.close()


@asynccontextmanager
async def chromium():
    """A headless Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu"])
        yield browser
        await browser.close()


async def in_turn(pages, rounds, measure):
    """Return {name: medians} of `measure(browser, *page)`, taken of one page after the other, so many rounds."""
    seen = {name: [] for name in pages}
    async with chromium() as browser:
        for _ in range(rounds):
            for name, page_of in pages.items():
                seen[name].append(await measure(browser, *page_of))
    return {name: type(runs[0])(*map(median, zip(*runs, strict=True))) for name, runs in seen.items()}


def median(values):
    """Return the median, or None where nothing was measured."""
    return None if None in values else statistics.median(values)


def show(title, rows, reference=None):
    """Print one table of drags; ratios to the reference row."""
    print(f"\n{title}\n{'':34}  event to redraw, ms      redraws/s   first draw, ms")
    for name, seen in rows.items():
        base = rows.get(reference)
        ratio = f"   x{seen.p50 / base.p50:.2f} wait, x{seen.redraws / base.redraws:.2f} redraws" if base else ""
        print(
            f"{name:34}  p50 {seen.p50:6.1f}  p95 {seen.p95:6.1f}   {seen.redraws:8.1f}   {seen.first:12.0f}{ratio}", flush=True
        )


def show_loading(rows):
    """Print how pages load; ratios to the bare Bokeh page."""
    print(f"\n{'Loading, ms':34}  first drawn   first figure ready   all ready   layout shift")
    base = rows[BARE].drawn
    for name, load in rows.items():
        first, ready = (f"{value:.0f}" if value is not None else "" for value in (load.first, load.ready))
        over = "" if name == BARE else f"   bare Bokeh {load.drawn - base:+.0f} ms"
        print(f"{name:34}  {load.drawn:11.0f}   {first:>18}   {ready:>9}   {load.shift:12.3f}{over}", flush=True)


def grip_of(figure, address):
    """Return (address, CSS, px to either side) of a figure with its finest slider in the middle of its range, where every move changes it.

    The slider is the first that has a hundred steps; where there is none, time's own beside the play button, or a handle.
    """
    facts = {name: describe(p) for name, p in figure.parameters().items()}
    sliders = [name for name, one in facts.items() if name not in figure.unseen and "low" in one]
    for i, name in enumerate(sliders):
        one = facts[name]
        if one["high"] - one["low"] >= 100 * one["step"]:
            middle = (one["low"] + one["high"]) / 2
            return f"{address}?{figure.slug}.{name}={middle:g}", f"{HANDLE} >> nth={i}", 120
    names, grip, span = ((figure.play.parameter,), ".scrub", 60) if figure.play else (("x", "y"), "button.handle", 120)
    middles = (f"{figure.slug}.{name}={(facts[name]['low'] + facts[name]['high']) / 2:g}" for name in names)
    return f"{address}?{'&'.join(middles)}", grip, span


def columns_table():
    """Print what `columns()` of each figure costs in NumPy, and what it ships to the browser."""
    print(f"\n{'columns() of each figure':34}  NumPy, ms   JavaScript, kB   constants, kB")
    for slug, figure in FIGURES.items():
        numbers = {name: as_number(p, p.default) for name, p in figure.parameters().items()}
        times = []
        with np.errstate(all="ignore"):
            for _ in range(30):
                start = time.perf_counter()
                figure.columns(**numbers)
                times.append(time.perf_counter() - start)
        programs = figure(engine="browser").programs().values()
        script = sum(len(program.javascript) for program in programs) / 1e3
        constants = sum(constant.nbytes for program in programs for constant in program.constants) / 1e3
        print(f"{slug:34}  {1e3 * statistics.median(times):9.2f}   {script:14.1f}   {constants:13.1f}", flush=True)


def session_table():
    """Print what one reader's session costs the server: CPU by part, and memory."""

    def build():
        document = Document()
        start = time.process_time()
        article_on(document)
        built = time.process_time()
        document.to_json()
        return document, built - start, time.process_time() - built

    build()
    runs = [build() for _ in range(8)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kept = [build() for _ in range(12)]
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 / len(kept)
    print(f"\nOne session of {len(FIGURES)} figures, CPU ms (median of {len(runs)})")
    print(f"{'building figures, widgets, page':34}  {1e3 * statistics.median(run[1] for run in runs):9.0f}")
    print(f"{'serialising':34}  {1e3 * statistics.median(run[2] for run in runs):9.0f}")
    models = [len(document.models) for document, *_ in runs]
    print(f"{'Bokeh models':34}  {models[0]:9d}")
    print(f"{'memory a session, MB':34}  {grown:9.1f}")
    for slug, figure in FIGURES.items():
        times = []
        for _ in range(5):
            start = time.process_time()
            figure(engine="python").roots(Document())
            times.append(time.process_time() - start)
        print(f"  {slug:32}  {1e3 * statistics.median(times):9.0f}", flush=True)


def size_table(single):
    """Print the sizes of the single-file pages."""
    print(f"\n{'single file':34}  MB       gzipped, kB")
    for path in (single / "index.html", *sorted((single / "figures").iterdir())):
        data = path.read_bytes()
        print(f"{path.stem:34}  {len(data) / 1e6:6.2f}   {len(gzip.compress(data, 6)) / 1e3:9.0f}")


def main():
    """Run all, or the parts asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="drag one figure, not all of them")
    options = parser.parse_args()
    columns_table()
    session_table()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        folder = Path(folder)
        export(folder / "site")
        export(folder / "single", single_file=True)
        size_table(folder / "single")
        (folder / "canvas.html").write_text(canvas_html(), encoding="utf-8")
        (folder / "line.html").write_text(line_html(), encoding="utf-8")
        panel = stack.enter_context(plain_panel())
        python, _, _ = stack.enter_context(serving())
        browser, _, _ = stack.enter_context(serving("--engine", "browser"))
        name = "figures/error_decomposition"
        pages = {
            REFERENCE: (panel, HANDLE),
            "served, python engine": (f"{python}/{name}{CENTRE}", HANDLE),
            "served, browser engine": (f"{browser}/{name}{CENTRE}", HANDLE),
            "exported": (f"file://{folder}/site/{name}.html{CENTRE}", HANDLE),
            "canvas alone": (f"file://{folder}/canvas.html", "#slider"),
        }
        show("The same 450 bars", asyncio.run(in_turn(pages, options.rounds, drag.measure)), REFERENCE)
        places = {
            BARE: (f"file://{folder}/line.html", False),
            "hero alone, exported as one file": (f"file://{folder}/single/figures/hero.html", True),
            "the article, exported as one file": (f"file://{folder}/single/index.html", True),
            "the article, exported": (f"file://{folder}/site/index.html", True),
            "the article, served, python engine": (f"{python}/", True),
            "the article, served, browser engine": (f"{browser}/", True),
        }
        show_loading(asyncio.run(in_turn(places, options.rounds, loading.measure)))
        if options.quick:
            return
        for title, address in (
            ("Every figure, served, python engine", python + "/figures/{}"),
            ("Every figure, served, browser engine", browser + "/figures/{}"),
            ("Every figure, exported", f"file://{folder}/site/figures/{{}}.html"),
        ):
            grips = {slug: grip_of(figure, address.format(slug)) for slug, figure in FIGURES.items()}
            show(title, asyncio.run(in_turn(grips, 1, drag.measure)))


if __name__ == "__main__":
    main()
