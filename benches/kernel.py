"""How long a notebook waits: kernel start to first result, and the median of ten warm cells of each kind.

    flatleaf kernel install && pip install jupyter_client && python3 benches/kernel.py

With --ocr [CELLS], instead: what 200 cells that read a whole page by OCR leave behind in the process, in ten minutes or so.
That a second start builds nothing, tests/kernels.py checks.
"""

import pathlib
import queue
import statistics
import sys
import time

from jupyter_client.manager import KernelManager

HERE = pathlib.Path(__file__).resolve().parent.parent
CELLS = 10
# MiB. Each cell leaves its own code mapped, about 40 kB.
MOST_GROWTH = 40
LOADS = 'println!("{}", models.loads("layout"));'


class Kernel:
    def __enter__(self):
        self.begun = time.monotonic()
        self.manager = KernelManager(kernel_name="flatleaf")
        self.manager.start_kernel(cwd=str(HERE))
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=300)
        return self

    def __exit__(self, *_):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def cell(self, code):
        """Seconds from sending to idle, and what was shown and printed."""
        begun = time.monotonic()
        message = self.client.execute(code)
        shown = {}
        while True:
            reply = self.client.get_iopub_msg(timeout=600)
            if reply["parent_header"].get("msg_id") != message:
                continue
            kind, content = reply["msg_type"], reply["content"]
            if kind == "error":
                sys.exit(f"{code}\n" + "\n".join(content["traceback"]))
            if kind == "stream":
                shown[content["name"]] = shown.get(content["name"], "") + content["text"]
            if kind == "execute_result":
                shown.update(content["data"])
            if kind == "status" and content["execution_state"] == "idle":
                self.replied()
                return time.monotonic() - begun, shown

    def replied(self):
        try:
            self.client.get_shell_msg(timeout=10)
        except queue.Empty:
            sys.exit("the kernel did not reply")

    def printed(self, code):
        return self.cell(code)[1]["stdout"].strip()

    def median(self, name, code):
        times = [self.cell(code(number))[0] for number in range(CELLS + 1)][1:]
        print(f"{name:<34} {statistics.median(times):5.2f} s  ({min(times):.2f}–{max(times):.2f})", flush=True)


def start():
    with Kernel() as kernel:
        ready = time.monotonic() - kernel.begun
        kernel.cell("1 + 1")
        print(f"start {ready:.1f} s, to first result {time.monotonic() - kernel.begun:.1f} s", flush=True)


def cells():
    with Kernel() as kernel:
        kernel.cell('let document = Document::open("tests/data/sample.pdf")?;')
        kernel.cell("let models = Models::new(&Assets::default_location())?;")
        kernel.cell("let page = document.page(1)?;\nlet spans = text::spans(&page);")
        kernel.cell("let image = document.image(1, 100.0)?;\nlet frame = spans.frame(&page)?;")
        kernel.cell("layout::detect(&models, &image)?;")
        kernel.median("trivial", lambda n: f"1 + {n}")
        kernel.median("a new variable", lambda n: f"let number = {n};")
        kernel.median("a frame shown", lambda n: f"frame.head(Some({n + 5}))")
        kernel.median("a frame built and shown", lambda n: f'df!("a" => [{n}, 2, 3], "b" => ["x", "y", "z"])?')
        kernel.median("a lazy query shown", lambda n: f'frame.clone().lazy().filter(col("size").gt(lit({n}.0))).collect()')
        kernel.median("lines with overlay", lambda n: f"boxes(&image, &text::lines(&spans)[{n}..])")
        overlay = "boxes(&image, &layout::settle(layout::detect(&models, &image)?))"
        kernel.median("regions by model, with overlay", lambda n: f"{overlay} // {n}")
        timed = "let begun = std::time::Instant::now(); let _ = " + overlay + '; println!("{:.2}", begun.elapsed().as_secs_f32());'
        print(f"  of which the step itself takes   {kernel.printed('{' + timed + '}'):>5} s")
        print(f"layout was loaded {kernel.printed(LOADS)} time(s)")


def ocr(count):
    """MiB that the child process grew by from the tenth cell to the last."""
    with Kernel() as kernel:
        kernel.cell('let document = Document::open("tests/data/sample.pdf")?;')
        kernel.cell("let models = Models::new(&Assets::default_location())?;")
        kernel.cell("let scan = document.render(3, 100.0)?;")
        resident = []
        begun = time.monotonic()
        for number in range(1, count + 1):
            code = "ocr::read(&models, &scan, &[])?.spans.len();\n"
            code += f'println!("{{}}", memory::snapshot().resident.unwrap_or(0)); // {number}'
            resident.append(int(kernel.printed(code)) / 2**20)
            if number % CELLS == 0:
                each = (time.monotonic() - begun) / number
                print(f"{number:4} cells with OCR, {each:.1f} s each: {resident[-1]:5.0f} MiB", flush=True)
        grown = resident[-1] - resident[CELLS - 1]
        print(f"grown by {grown:+.0f} MiB from the tenth to the last (at most {MOST_GROWTH} wanted)")
        sys.exit(grown > MOST_GROWTH)


if __name__ == "__main__":
    if "--ocr" in sys.argv:
        ocr(int((sys.argv[2:] or [200])[0]))
    else:
        start()
        start()
        cells()
