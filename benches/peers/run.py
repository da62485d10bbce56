#!/usr/bin/env python3
"""Runs one peer over files and prints one JSON line for each.

    run.py TOOL --version       {"tool", "version"}, or exit code 3 and the reason if the tool is not installed
    run.py TOOL FILE...         {"file", "pages": [text, ...] or "markdown": text, "cpu_seconds", "wall_seconds", "resident", "peak", "error"};
                                "resident" and "peak" are bytes of this process after the file
    run.py TOOL --first N FILE...   the same, where a tool of OCR reads the first N pages of each; before them a line of "resident" and
                                "peak" at the start
    run.py TOOL --tables FILE...    the same with, from tools that give tables as such, "tables": [{"page", "rect", "cells": [{"row", "column", "row_span",
                                "column_span", "text"}, ...]}, ...], rows and columns from 0, "rect" from the top left

CPU seconds cover rendering or decoding and reading, of this process and its children, and leave out loading the tool
and its models, except for tools that are started anew for each page (tesseract). Everything runs on one thread.

A further tool is a class with `version()` and `pages(path)`, `markdown(path)` or `tables(path)`, and an entry in TOOLS.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time

# Before any import of a numerical library, so that "one thread" holds for all of them.
for variable in ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

DPI = 200
# Pages of a PDF that tools of OCR are shown.
first = sys.maxsize


def installed(package):
    from importlib.metadata import version

    return version(package)


def rendered(path):
    """The pages of a PDF as RGB pixels, at 200 dpi, as pdfium draws them."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        for number in range(min(first, len(document))):
            yield document[number].render(scale=DPI / 72).to_pil().convert("RGB")
    finally:
        document.close()


def page_heights(path):
    """By page number from 1, as displayed. An image's pages have no height that a tool could mean."""
    import pypdfium2

    if not path.lower().endswith(".pdf"):
        return {}
    document = pypdfium2.PdfDocument(path)
    try:
        return {number + 1: document[number].get_height() for number in range(len(document))}
    finally:
        document.close()


def turned(box, height):
    """A box with y upwards as one with y downwards."""
    left, bottom, right, top = box
    return None if height is None else [left, height - top, right, height - bottom]


def cell(row, column, text, row_span=1, column_span=1):
    return {"row": row, "column": column, "row_span": row_span, "column_span": column_span, "text": text or ""}


def boxed_cells(boxes, texts):
    """Cells from a list of rows of boxes, where None is a place that the box of another covers."""
    lefts = [min((row[n][0] for row in boxes if n < len(row) and row[n]), default=None) for n in range(len(boxes[0]))]
    tops = [min((box[1] for box in row if box), default=None) for row in boxes]

    def span(edges, start, end):
        covered = [edge for edge in edges[start + 1 :] if edge is not None and edge < end - 1]
        return 1 + len(covered)

    return [
        cell(row, column, texts[row][column], span(tops, row, box[3]), span(lefts, column, box[2]))
        for row, line in enumerate(boxes)
        for column, box in enumerate(line)
        if box
    ]


def tagged_tables(tree, heights):
    """Tables of the JSON that opendataloader-pdf writes."""

    def text(node):
        if isinstance(node, list):
            return " ".join(filter(None, map(text, node)))
        if isinstance(node, dict):
            return node.get("content") or text([value for value in node.values() if isinstance(value, (dict, list))])
        return ""

    def tables(node):
        if isinstance(node, list):
            return [table for child in node for table in tables(child)]
        if not isinstance(node, dict):
            return []
        if node.get("type") == "table":
            return [table(node)]
        return tables(list(node.values()))

    def table(node):
        cells = [
            cell(
                entry["row number"] - 1,
                entry["column number"] - 1,
                text(entry.get("kids", [])),
                entry.get("row span", 1),
                entry.get("column span", 1),
            )
            for row in node.get("rows", [])
            for entry in row.get("cells", [])
        ]
        page = node["page number"]
        return {"page": page, "rect": turned(node["bounding box"], heights.get(page)), "cells": cells}

    return tables(tree)


class RapidOcr:
    """RapidOCR with its default configuration and the models in its own wheel."""

    def __init__(self):
        from rapidocr import RapidOCR
        import cv2
        import numpy

        cv2.setNumThreads(1)
        self.engine = RapidOCR(
            params={
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "Global.log_level": "critical",
            }
        )
        # The first run of a session sets up its buffers: not the cost of a page.
        self.engine(numpy.full((64, 320, 3), 255, dtype=numpy.uint8))

    @staticmethod
    def version():
        return installed("rapidocr")

    @staticmethod
    def image(path):
        """The path itself, except for images with a palette: RapidOCR's loader takes their indices for grey values."""
        import numpy
        import PIL.Image

        with PIL.Image.open(path) as image:
            if image.mode != "P":
                return path
            return numpy.asarray(image.convert("RGB"))[:, :, ::-1]

    def pages(self, path):
        import numpy

        if path.lower().endswith(".pdf"):
            images = (numpy.asarray(image)[:, :, ::-1] for image in rendered(path))
        else:
            images = [self.image(path)]
        return ["\n".join(self.engine(image).txts or ()) for image in images]


class Tesseract:
    """The `tesseract` command with its default page segmentation, English."""

    @staticmethod
    def version():
        first = subprocess.run(["tesseract", "--version"], capture_output=True, text=True, check=True).stdout
        return first.split("\n")[0].removeprefix("tesseract ")

    @staticmethod
    def read(image):
        command = ["tesseract", image, "stdout", "-l", "eng"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr.strip()[-300:])
        return done.stdout

    def pages(self, path):
        if not path.lower().endswith(".pdf"):
            return [self.read(path)]
        texts = []
        with tempfile.TemporaryDirectory() as folder:
            for number, image in enumerate(rendered(path)):
                # An uncompressed format: writing it costs next to nothing.
                name = os.path.join(folder, f"{number}.bmp")
                image.save(name, dpi=(DPI, DPI))
                texts.append(self.read(name))
        return texts


class PyMuPdf4Llm:
    """pymupdf4llm with its defaults."""

    def __init__(self):
        import pymupdf4llm

        self.module = pymupdf4llm

    @staticmethod
    def version():
        return installed("pymupdf4llm")

    def markdown(self, path):
        return self.module.to_markdown(path, show_progress=False)

    def tables(self, path):
        document = json.loads(self.module.to_json(path, show_progress=False))
        return [
            self.table(page["page_number"], box["table"])
            for page in document["pages"]
            for box in page["boxes"]
            if box.get("table")
        ]

    @staticmethod
    def table(page, table):
        """As in its Markdown: a cell for each place, none spans several."""
        cells = [
            cell(row, column, text)
            for row, texts in enumerate(table["extract"] or [])
            for column, text in enumerate(texts)
        ]
        return {"page": page, "rect": table["bbox"], "cells": cells}


class OpenDataLoader:
    """opendataloader-pdf with its defaults; a Java program that is started for each file."""

    @staticmethod
    def version():
        return installed("opendataloader-pdf")

    @staticmethod
    def markdown(path):
        return OpenDataLoader.converted(path, "markdown", ".md")

    @staticmethod
    def tables(path):
        return tagged_tables(json.loads(OpenDataLoader.converted(path, "json", ".json")), page_heights(path))

    @staticmethod
    def converted(path, form, ending):
        import opendataloader_pdf

        with tempfile.TemporaryDirectory() as folder:
            opendataloader_pdf.convert(path, output_dir=folder, format=form, quiet=True, image_output="off")
            stem = os.path.splitext(os.path.basename(path))[0]
            with open(os.path.join(folder, stem + ending), encoding="utf-8") as file:
                return file.read()


class EdgeParse:
    """edgeparse with its defaults."""

    @staticmethod
    def version():
        return installed("edgeparse")

    @staticmethod
    def markdown(path):
        import edgeparse

        return edgeparse.convert(path, format="markdown")


class PdfOxide:
    """pdf_oxide with its defaults."""

    @staticmethod
    def version():
        return installed("pdf_oxide")

    @staticmethod
    def markdown(path):
        import pdf_oxide

        return pdf_oxide.PdfDocument(path).to_markdown_all()


class MarkItDown:
    """markitdown with its PDF reader and its defaults."""

    def __init__(self):
        from markitdown import MarkItDown as Converter

        self.converter = Converter()

    @staticmethod
    def version():
        return installed("markitdown")

    def markdown(self, path):
        return self.converter.convert(path).markdown


class PdfPlumber:
    """pdfplumber's table finder with its defaults."""

    @staticmethod
    def version():
        return installed("pdfplumber")

    @staticmethod
    def tables(path):
        import pdfplumber

        with pdfplumber.open(path) as document:
            return [
                {
                    "page": page.page_number,
                    "rect": table.bbox,
                    "cells": boxed_cells([row.cells for row in table.rows], table.extract()),
                }
                for page in document.pages
                for table in page.find_tables()
            ]


class Camelot:
    """camelot over all pages with one of its parsers, otherwise its defaults."""

    flavor = "auto"

    @staticmethod
    def version():
        return installed("camelot-py")

    def tables(self, path):
        import warnings

        import camelot

        warnings.simplefilter("ignore")
        heights = page_heights(path)
        found = camelot.read_pdf(path, flavor=self.flavor, pages="all", suppress_stdout=True)
        return [
            {
                "page": int(table.page),
                "rect": turned(table._bbox, heights.get(int(table.page))),
                "cells": self.cells(table.cells),
            }
            for table in found
        ]

    @staticmethod
    def cells(rows):
        """Where no edge parts two places, they are one cell."""
        cells, covered = [], set()
        for row, line in enumerate(rows):
            for column, place in enumerate(line):
                if (row, column) in covered:
                    continue
                right = column
                while not line[right].right and right + 1 < len(line) and (row, right + 1) not in covered:
                    right += 1
                below = row
                while not rows[below][column].bottom and below + 1 < len(rows):
                    below += 1
                places = [(r, c) for r in range(row, below + 1) for c in range(column, right + 1)]
                covered.update(places)
                text = " ".join(filter(None, (rows[r][c].text.strip() for r, c in places)))
                cells.append(cell(row, column, text, below - row + 1, right - column + 1))
        return cells


class CamelotLattice(Camelot):
    flavor = "lattice"


class CamelotStream(Camelot):
    flavor = "stream"


TOOLS = {
    "rapidocr": RapidOcr,
    "tesseract": Tesseract,
    "pymupdf4llm": PyMuPdf4Llm,
    "opendataloader-pdf": OpenDataLoader,
    "edgeparse": EdgeParse,
    "pdf_oxide": PdfOxide,
    "markitdown": MarkItDown,
    "pdfplumber": PdfPlumber,
    "camelot": Camelot,
    "camelot-lattice": CamelotLattice,
    "camelot-stream": CamelotStream,
}


def cpu_seconds():
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def memory():
    """Bytes of this process now and at its peak; without /proc the peak alone."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    try:
        with open("/proc/self/statm") as statm:
            resident = int(statm.read().split()[1]) * resource.getpagesize()
    except OSError:
        resident = peak
    return {"resident": resident, "peak": peak}


def measured(tool, path, tables):
    result = {"file": path}
    cpu, wall = cpu_seconds(), time.perf_counter()
    try:
        if tables and hasattr(tool, "tables"):
            result["tables"] = tool.tables(path)
        elif hasattr(tool, "pages"):
            result["pages"] = tool.pages(path)
        else:
            result["markdown"] = tool.markdown(path)
    except Exception as error:  # a peer's failure is a result of the comparison
        result["error"] = f"{type(error).__name__}: {error}"
    result["cpu_seconds"] = cpu_seconds() - cpu
    result["wall_seconds"] = time.perf_counter() - wall
    return result | memory()


def main():
    # Tools print progress to standard output, which belongs to the results.
    results = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    name, *arguments = sys.argv[1:]
    try:
        if arguments == ["--version"]:
            print(json.dumps({"tool": name, "version": TOOLS[name].version()}), file=results, flush=True)
            return
        tool = TOOLS[name]()
    except Exception as error:
        print(f"{name} is not installed: {type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(3)
    tables = arguments[:1] == ["--tables"]
    if arguments[:1] == ["--first"]:
        global first
        first = int(arguments[1])
        arguments = arguments[2:]
        print(json.dumps(memory()), file=results, flush=True)
    for path in arguments[tables:]:
        print(json.dumps(measured(tool, path, tables), ensure_ascii=False), file=results, flush=True)


if __name__ == "__main__":
    main()
