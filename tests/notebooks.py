"""Runs each notebook from top to bottom in the installed kernel, and compares what each cell shows with what is checked in:
frames by shape and columns, pictures by format and size, text by its presence. Numbers of a run (times, memory) may differ.
Then a notebook written here uses one model in twenty cells, which must load it once.

    python3 tests/notebooks.py            compares
    python3 tests/notebooks.py --update   runs, and writes the outputs into the notebooks

Needs `pip install nbclient jupyter_client` and `flatleaf kernel install`; says SKIPPED without, and fails instead where
FLATLEAF_REQUIRE or CI is set.
"""

import base64
import os
import pathlib
import re
import struct
import sys
import time

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "notebooks"
KERNEL = "flatleaf"
# Seconds. A kernel reads the sources of all dependencies at its start; a client gives 60.
START = 120
CELL = 300
# Cells that use one model.
USES = 20
# A picture may be this much wider or higher, in parts of a hundred: a chart grows with its rows.
SIZE = 5


def skip(why):
    print(f"SKIPPED: {why}")
    sys.exit(1 if os.environ.get("FLATLEAF_REQUIRE") or os.environ.get("CI") else 0)


def need_kernel():
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ImportError as error:
        skip(f"{error}; pip install jupyter_client")
    try:
        KernelSpecManager().get_kernel_spec(KERNEL)
    except NoSuchKernel:
        skip("the kernel is not installed; flatleaf kernel install")


def needed():
    need_kernel()
    try:
        import nbclient
        import nbformat
    except ImportError as error:
        skip(f"{error}; pip install nbclient")
    return nbclient, nbformat


def run(nbclient, notebook):
    client = nbclient.NotebookClient(
        notebook, kernel_name=KERNEL, startup_timeout=START, timeout=CELL, resources={"metadata": {"path": str(FOLDER)}}
    )
    client.execute()


def shown(cell):
    """What a cell shows, without what differs from run to run."""
    return [found for output in cell.get("outputs", []) for found in described(output)]


def described(output):
    if output["output_type"] == "error":
        yield "error", output["ename"]
    if output["output_type"] == "stream":
        # Lines on the two streams come in any order.
        return
    for mime, content in sorted(output.get("data", {}).items()):
        yield mime, DESCRIBE.get(mime, lambda _: None)("".join(content))


def frame(text):
    """Shape, columns and types of a frame in polars' own table; None for other text."""
    shape = re.search(r"^shape: (\(.*\))$", text, re.M)
    if not shape:
        return None
    rows = [line for line in text.splitlines() if line.startswith("│")]
    return shape[1], [cell.strip() for cell in rows[0].strip("│").split("┆")] if rows else []


def png(text):
    width, height = struct.unpack(">II", base64.b64decode(text)[16:24])
    return width, height


def svg(text):
    root = re.search(r"<svg[^>]*>", text)[0]
    return tuple(float(re.search(rf'{side}="([0-9.]+)', root)[1]) for side in ("width", "height"))


DESCRIBE = {"text/plain": frame, "image/png": png, "image/svg+xml": svg}


def same(ours, theirs):
    if len(ours) != len(theirs):
        return False
    return all(mime == other and alike(mime, one, two) for (mime, one), (other, two) in zip(ours, theirs))


def alike(mime, one, two):
    if mime.startswith("image/") and one and two:
        return all(abs(a - b) <= SIZE / 100 * max(a, b) for a, b in zip(one, two))
    return one == two


def differences(wanted, got):
    for number, (old, new) in enumerate(zip(wanted.cells, got.cells)):
        if old.cell_type == "code" and not same(shown(old), shown(new)):
            yield f"cell {number}: {old.source.splitlines()[0]}\n  checked in: {shown(old)}\n  now:        {shown(new)}"


def main():
    nbclient, nbformat = needed()
    update = "--update" in sys.argv
    names = [name for name in sys.argv[1:] if not name.startswith("-")]
    bad = 0
    for path in sorted(FOLDER.glob("*.ipynb")):
        if names and path.stem not in names:
            continue
        wanted = nbformat.read(path, as_version=4)
        got = nbformat.read(path, as_version=4)
        begun = time.monotonic()
        try:
            run(nbclient, got)
        except nbclient.exceptions.CellExecutionError as error:
            print(f"{path.name}: {error}")
            bad += 1
            continue
        seconds = time.monotonic() - begun
        if update:
            tidy(got)
            nbformat.write(got, path)
        found = [] if update else list(differences(wanted, got))
        bad += bool(found)
        print(f"{path.name}: {len(got.cells)} cells in {seconds:.0f} s" + "".join("\n" + line for line in found))
    if not names and not update:
        bad += not loads_once(nbclient, nbformat)
    sys.exit(1 if bad else 0)


def loads_once(nbclient, nbformat):
    """Whether a model that twenty cells use was loaded once."""
    cells = [
        'let page = Document::open("../tests/data/sample.pdf")?.render(1, 80.0)?;',
        "let models = Models::new(&Assets::default_location())?;",
        *["layout::detect(&models, &page)?.len()"] * USES,
        'println!("{} load, {} runs", models.loads("layout"), models.loaded()[0].runs);',
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    run(nbclient, notebook)
    printed = "".join(output.get("text", "") for output in notebook.cells[-1].outputs).strip()
    print(f"one model in {USES} cells: {printed}")
    return printed == f"1 load, {USES} runs"


def tidy(notebook):
    """Leaves out what changes with each run and says nothing."""
    for number, cell in enumerate(cell for cell in notebook.cells if cell.cell_type == "code"):
        cell.metadata.clear()
        cell.execution_count = number + 1
        for output in cell.outputs:
            if "execution_count" in output:
                output["execution_count"] = number + 1
    notebook.metadata.pop("signature", None)


if __name__ == "__main__":
    main()
