"""The house: imports run one way, colours and texts live in one place, and a planted violation is seen."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib

import pytest

from components import FIGURES, style
from tests.conftest import ROOT

FOLDERS = ("app", "components", "simulation")


def lint_imports(folder):
    script = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    return subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False)


def copy_of_the_house(folder):
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_imports_run_from_app_to_components_to_simulation():
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("file", "line", "said"),
    [
        ("simulation/rates.py", "from components import style", "simulation.rates -> components"),
        ("components/style.py", "import app.article", "components.style -> app.article"),
        ("simulation/words.py", "import param", "simulation.words -> param"),
        ("components/hero.py", "from components.rate_map import run", "components.hero -> components.rate_map"),
    ],
)
def test_a_planted_violation_is_reported_with_its_place(tmp_path, file, line, said):
    path = copy_of_the_house(tmp_path) / file
    path.write_text(path.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    done = lint_imports(tmp_path)
    assert done.returncode != 0
    assert said in done.stdout


def test_every_figure_stands_under_the_contract_of_independence():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    (modules,) = (contract["modules"] for contract in contracts if contract["type"] == "independence")
    assert modules == [f"components.{slug}" for slug in FIGURES]


def foreign_imports(folder):
    """Return (file, root) for each import in `simulation/` that is neither of the standard library, NumPy nor its own."""
    known = {*sys.stdlib_module_names, "numpy", "simulation"}
    found = []
    for path in sorted((folder / "simulation").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = ["simulation" if node.level else node.module]
            else:
                continue
            found += [(path.name, root) for root in (name.partition(".")[0] for name in names) if root not in known]
    return found


def test_the_simulation_knows_numpy_and_the_standard_library_alone(tmp_path):
    assert foreign_imports(ROOT) == []
    planted = copy_of_the_house(tmp_path) / "simulation/rates.py"
    text = planted.read_text(encoding="utf-8")
    planted.write_text(
        text + "\n\ndef late():\n    import numpy.linalg, scipy.linalg\n    from jax import grad\n", encoding="utf-8"
    )
    assert foreign_imports(tmp_path) == [("rates.py", "scipy"), ("rates.py", "jax")]


def test_the_simulation_loads_neither_panel_nor_bokeh_nor_param():
    modules = [f"simulation.{path.stem}" for path in (ROOT / "simulation").glob("*.py") if path.stem != "__init__"]
    script = f"import sys, {', '.join(modules)}; print(sorted({{'panel', 'bokeh', 'param', 'jinja2'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_colours_are_named_in_one_file():
    hex_colour = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b")
    for folder in (*FOLDERS, "assets"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".css", ".js", ".html") and path.name != "style.py":
                assert not hex_colour.search(path.read_text(encoding="utf-8")), path


def test_faces_are_named_in_one_file():
    faces = re.compile(r"\bInter\b|system-ui|fallback\"|Source Serif 4\",")
    for folder in (*FOLDERS, "assets"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".css", ".js", ".html") and path.name != "style.py":
                # Where a face comes from, it must be named; where it is asked for, a role will do.
                lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("@font-face")]
                assert [line for line in lines if faces.search(line)] == [], path
    css = (ROOT / "assets/article.css").read_text(encoding="utf-8")
    brought = set(re.findall(r'@font-face { font-family: "([^"]+)"', css)) - {"STIX Two Math"}
    assert brought <= {face.strip('" ') for stack in style.FONTS.values() for face in stack.split(",")}


def test_no_model_is_made_at_import():
    """A Bokeh model belongs to one document: what is made at import would be shared by all readers."""
    script = """
from bokeh.model import Model
made = []
init = Model.__init__
def count(self, *args, **kwargs):
    made.append(type(self).__name__)
    init(self, *args, **kwargs)
import panel, bokeh.plotting, bokeh.models
Model.__init__ = count
import app.server
print(made)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_browser_s_part_holds_no_mathematics():
    """`Math` serves layout alone there: what the article computes is traced from NumPy."""
    paths = [*(ROOT / "components").glob("*.js"), *(ROOT / "assets").glob("*.js")]
    assert len(paths) >= 4
    for path in paths:
        used = set(re.findall(r"Math\.(\w+)", path.read_text(encoding="utf-8")))
        assert used <= {"min", "max", "round", "floor", "ceil", "hypot"}, path


def test_the_makefile_and_the_readme_speak_of_the_same_commands():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"make ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert named == targets
    assert "make test" in (ROOT / ".ci/run").read_text(encoding="utf-8")


def test_the_map_in_the_readme_names_every_file():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for folder in FOLDERS:
        for path in (ROOT / folder).iterdir():
            told = path.suffix in (".py", ".js", ".css", ".html") and path.name != "__init__.py"
            if told:
                assert f"`{path.name}`" in readme, f"{folder}/{path.name}"


def test_every_asset_that_is_named_exists():
    css = (ROOT / "assets/article.css").read_text(encoding="utf-8")
    template = (ROOT / "app/template.html").read_text(encoding="utf-8")
    by_css, by_template = (
        re.findall(r'url\("([^")]+)"\)', css),
        re.findall(r"""(?:asset|inlined)\(["']([^"']+)["']\)""", template),
    )
    assert {"article.css", "page.js"} <= set(by_template)
    fonts = {f"fonts/{path.name}" for path in (ROOT / "assets/fonts").glob("*.woff2")}
    assert set(by_css) == fonts
    assert all((ROOT / "assets" / name).exists() for name in by_template)


def test_every_link_of_the_readme_to_a_file_leads_there():
    linked = re.findall(r"\]\((?!https?:|#)([^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert "assets/screenshot.png" in linked
    assert all((ROOT / path).exists() for path in linked)
