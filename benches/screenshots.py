"""Opens notebooks/tour.ipynb in JupyterLab in headless Chromium, runs all its cells, looks for the overlay, the frame, the
formula and the chart on the page, and keeps a picture of each in notebooks/pictures, which the README shows.

    flatleaf kernel install && pip install jupyterlab playwright pillow && apt-get install chromium
    python3 benches/screenshots.py [FOLDER] [--dark]

Fails when one of them is not there, is not seen, or is wider than the notebook.
"""

import contextlib
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = pathlib.Path(__file__).resolve().parent.parent
NOTEBOOK = "notebooks/tour.ipynb"
# Milliseconds. All cells together, each compiled; then what one thing on the page takes to be drawn.
RUN = 600_000
DRAWN = 30_000
# Seconds. A kernel reads the sources of all dependencies at its start.
START = 120
# CSS pixels. As wide as the README is shown, and higher than a page of a notebook.
WINDOW = {"width": 1100, "height": 1500}
# What is looked for: the beginning of the cell that shows it, what it is on the page, and how large at least.
WANTED = {
    "overlay": ("let regions = layout::settle", "img", 600, 600),
    "frame": ("let frame = spans.frame", "table.dataframe", 500, 200),
    "formula": ("let equations", "math[display=block]", 60, 20),
    "chart": ("plot::regions_by_label", "img, svg", 500, 200),
}
# Lab draws only the cells in view, asks for news, and follows the system's colours, unless told otherwise.
SETTINGS = {
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/docmanager-extension/plugin": {"autosave": False},
}


def workspace(folder):
    """A copy of the notebook without outputs, beside the documents that it opens: Lab would save into the checkout."""
    (folder / "notebooks").mkdir()
    (folder / "tests").symlink_to(HERE / "tests")
    notebook = json.loads((HERE / NOTEBOOK).read_text())
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    (folder / NOTEBOOK).write_text(json.dumps(notebook))
    return notebook["cells"]


def settings(folder, theme):
    for name, values in {**SETTINGS, "@jupyterlab/apputils-extension/themes": {"theme": theme}}.items():
        path = folder / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
    return folder


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def lab(folder, theme):
    """JupyterLab's address, while it runs."""
    port = free_port()
    environment = {**os.environ, "JUPYTERLAB_SETTINGS_DIR": str(settings(folder / "settings", theme))}
    # The server listens to this machine alone, for as long as this runs.
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.token=", "--ServerApp.password="]
    command += [f"--ServerApp.port={port}", f"--ServerApp.root_dir={folder}", "--ServerApp.port_retries=0"]
    log = open(folder / "lab.log", "w")
    server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_for(f"http://127.0.0.1:{port}/api", server, folder / "lab.log")
        yield f"http://127.0.0.1:{port}/doc/tree/{NOTEBOOK}?reset"
    finally:
        server.terminate()
        server.wait()


def wait_for(url, server, log):
    for _ in range(120):
        with contextlib.suppress(OSError):
            return urllib.request.urlopen(url, timeout=5).read()
        if server.poll() is not None:
            break
        time.sleep(0.5)
    sys.exit(f"JupyterLab did not start:\n{log.read_text()}")


def wait_for_kernel(address):
    """Until Lab talks to an idle kernel: it shows one as idle before it has one, and asks for one when told to run cells."""
    sessions = address.split("/doc/")[0] + "/api/sessions"
    for _ in range(START):
        time.sleep(1)
        kernels = [session["kernel"] for session in json.load(urllib.request.urlopen(sessions))]
        if any(kernel["connections"] and kernel["execution_state"] == "idle" for kernel in kernels):
            return
    sys.exit(f"no kernel within {START} s")


def run_all(page, address):
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=DRAWN)
    wait_for_kernel(address)
    page.wait_for_timeout(2_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    done = """() => [...document.querySelectorAll('.jp-Notebook .jp-CodeCell .jp-InputPrompt')]
        .every(prompt => /\\[\\d+\\]:/.test(prompt.textContent))"""
    page.wait_for_function(done, timeout=RUN)
    failed = page.locator(".jp-Notebook [data-mime-type='application/vnd.jupyter.error'], .jp-Notebook .jp-RenderedError")
    if failed.count():
        sys.exit(f"a cell failed:\n{failed.first.inner_text()}")


def look(page, cells, name):
    """The cell that shows it, once it is seen to be there, large enough and no wider than its notebook."""
    begins, what, width, height = WANTED[name]
    number = next(n for n, cell in enumerate(cells) if "".join(cell["source"]).startswith(begins))
    cell = page.locator(".jp-Notebook .jp-Cell").nth(number)
    cell.scroll_into_view_if_needed()
    shown = cell.locator(".jp-OutputArea-output").locator(what).first
    shown.wait_for(state="visible", timeout=DRAWN)
    box, room = shown.bounding_box(), cell.locator(".jp-OutputArea-output").first.bounding_box()
    if box["width"] < width or box["height"] < height:
        sys.exit(f"{name}: only {box['width']:.0f} × {box['height']:.0f} pixels are shown")
    # A frame of many columns scrolls inside its cell.
    if what != "table.dataframe" and box["x"] + box["width"] > room["x"] + room["width"] + 1:
        sys.exit(f"{name}: it is wider than the notebook")
    print(f"{name}: {box['width']:.0f} × {box['height']:.0f} pixels", flush=True)
    return cell


def keep(cell, path):
    """In 256 colours, of which a screen of text and few colours has no more to show."""
    cell.screenshot(path=path)
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"  {path} ({path.stat().st_size // 1000} kB)", flush=True)


def main():
    named = [word for word in sys.argv[1:] if not word.startswith("-")]
    folder = pathlib.Path(named[0]) if named else HERE / "notebooks" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    theme = "JupyterLab Dark" if "--dark" in sys.argv else "JupyterLab Light"
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as root, sync_playwright() as playwright:
        cells = workspace(pathlib.Path(root))
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport=WINDOW)
        with lab(pathlib.Path(root), theme) as address:
            page.goto(address)
            begun = time.monotonic()
            run_all(page, address)
            print(f"all cells ran in {time.monotonic() - begun:.0f} s", flush=True)
            for name in WANTED:
                keep(look(page, cells, name), folder / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
