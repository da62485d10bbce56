"""Types into `flatleaf repl` on a terminal, as a user without Jupyter would: a document, a step, its frame as a table of text,
and pictures, each of which must come as the path of a file that holds it.

    python3 tests/repl.py [PROGRAM]        PROGRAM: flatleaf, by default that of the installed kernel

The first run builds evcxr's terminal, in minutes. Says SKIPPED where no kernel is installed, and fails instead where
FLATLEAF_REQUIRE or CI is set.
"""

import os
import pathlib
import pty
import re
import select
import subprocess
import sys
import tempfile
import time

from notebooks import skip

HERE = pathlib.Path(__file__).resolve().parent.parent
# Seconds. The first start builds evcxr's terminal.
START = 1500
LINE = 120
# Between two keys.
KEY = 0.02
# Moves, colours and modes of the terminal.
ESCAPES = re.compile(rb"\x1b(\[[0-9;?]*[A-Za-z]|\][^\x07]*\x07|[=>])")
# A line with its prompt is redrawn as one types; what is shown ends with a prompt that nothing follows.
PROMPT = b">> "


class Terminal:
    def __init__(self, program, pictures):
        self.master, slave = pty.openpty()
        command = [program, "repl", "--pictures", pictures]
        self.process = subprocess.Popen(command, cwd=HERE, stdin=slave, stdout=slave, stderr=slave, close_fds=True)
        os.close(slave)
        self.until_prompt(START)

    def line(self, text):
        """What is shown after a line is typed."""
        for letter in text + "\r":
            os.write(self.master, letter.encode())
            # rustyline waits for the terminal with what came in one piece still unread.
            time.sleep(KEY)
        # The echo of the line itself ends with the end of the line.
        return self.until_prompt(LINE).split("\n", 1)[-1]

    def until_prompt(self, seconds):
        seen, end = b"", time.monotonic() + seconds
        while time.monotonic() < end:
            # What a cell prints may come after the prompt: wait until nothing comes any more.
            if select.select([self.master], [], [], 1.0)[0]:
                try:
                    seen += os.read(self.master, 65536)
                except OSError:
                    break
            elif ESCAPES.sub(b"", seen).rstrip(b"\r").endswith(PROMPT):
                return ESCAPES.sub(b"", seen).decode(errors="replace").replace("\r", "")
        sys.exit(f"no prompt within {seconds} s; the terminal shows:\n{seen.decode(errors='replace')}")

    def close(self):
        os.write(self.master, b"\x04")
        return self.process.wait(timeout=60)


def program():
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ImportError as error:
        skip(f"{error}; pip install jupyter_client, or name the program")
    try:
        return KernelSpecManager().get_kernel_spec("flatleaf").argv[0]
    except NoSuchKernel:
        skip("the kernel is not installed; flatleaf kernel install")


def check(holds, what, shown):
    if not holds:
        sys.exit(f"{what}; the terminal shows:\n{shown}")


def picture(shown, folder, extension, magic):
    """Checks that the path of a picture is shown, and the picture in it."""
    found = re.search(rf"{re.escape(folder)}/\d+\.{extension}", shown)
    check(found, f"no path of a picture (.{extension})", shown)
    check(pathlib.Path(found[0]).read_bytes().startswith(magic), f"{found[0]} is no picture", shown)


def main():
    flatleaf = sys.argv[1] if len(sys.argv) > 1 else program()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as pictures:
        terminal = Terminal(flatleaf, pictures)
        ready = time.monotonic() - begun
        terminal.line('let document = Document::open("tests/data/sample.pdf")?;')
        terminal.line("let page = document.page(1)?; let spans = text::spans(&page);")
        shown = terminal.line("spans.frame(&page)?")
        check("shape: (" in shown and "┆ text" in shown and "<table" not in shown, "no frame as text", shown)
        picture(terminal.line("page"), pictures, "svg", b"<svg")
        picture(terminal.line("boxes(&document.render(1, 60.0)?, &text::lines(&spans))"), pictures, "png", b"\x89PNG")
        code = terminal.close()
        check(code == 0, f"it ended with {code}", "")
    print(f"repl: ready in {ready:.0f} s; a frame as text, two pictures as files")


if __name__ == "__main__":
    main()
