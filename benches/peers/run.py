#!/usr/bin/env python3
"""Runs one peer over files and prints one JSON line for each.

    run.py TOOL --version       {"tool", "version"}, or exit code 3 and the reason if the tool is not installed
    run.py TOOL FILE...         {"file", "pages": [text, ...] or "markdown": text, "cpu_seconds", "wall_seconds", "error"}

CPU seconds cover rendering or decoding and reading, of this process and its children, and leave out loading the tool
and its models, except for tools that are started anew for each page (tesseract). Everything runs on one thread.

A further tool is a class with `version()` and either `pages(path)` or `markdown(path)`, and an entry in TOOLS.
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


def installed(package):
    from importlib.metadata import version

    return version(package)


def rendered(path):
    """The pages of a PDF as RGB pixels, at 200 dpi, as pdfium draws them."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        for number in range(len(document)):
            yield document[number].render(scale=DPI / 72).to_pil().convert("RGB")
    finally:
        document.close()


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


class OpenDataLoader:
    """opendataloader-pdf with its defaults; a Java program that is started for each file."""

    @staticmethod
    def version():
        return installed("opendataloader-pdf")

    @staticmethod
    def markdown(path):
        import opendataloader_pdf

        with tempfile.TemporaryDirectory() as folder:
            opendataloader_pdf.convert(path, output_dir=folder, format="markdown", quiet=True, image_output="off")
            stem = os.path.splitext(os.path.basename(path))[0]
            with open(os.path.join(folder, stem + ".md"), encoding="utf-8") as file:
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


TOOLS = {
    "rapidocr": RapidOcr,
    "tesseract": Tesseract,
    "pymupdf4llm": PyMuPdf4Llm,
    "opendataloader-pdf": OpenDataLoader,
    "edgeparse": EdgeParse,
    "pdf_oxide": PdfOxide,
    "markitdown": MarkItDown,
}


def cpu_seconds():
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def measured(tool, path):
    result = {"file": path}
    cpu, wall = cpu_seconds(), time.perf_counter()
    try:
        if hasattr(tool, "pages"):
            result["pages"] = tool.pages(path)
        else:
            result["markdown"] = tool.markdown(path)
    except Exception as error:  # a peer's failure is a result of the comparison
        result["error"] = f"{type(error).__name__}: {error}"
    result["cpu_seconds"] = cpu_seconds() - cpu
    result["wall_seconds"] = time.perf_counter() - wall
    return result


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
    for path in arguments:
        print(json.dumps(measured(tool, path), ensure_ascii=False), file=results, flush=True)


if __name__ == "__main__":
    main()
