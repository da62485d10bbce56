"""Two kernels started at one time, where there is no network, run cells side by side; neither builds anything that
`flatleaf kernel install` has built, nor does one started after them.

    python3 tests/kernels.py

Needs `pip install jupyter_client` and `flatleaf kernel install`; says SKIPPED without, and fails instead where
FLATLEAF_REQUIRE or CI is set. Where one may not leave the network (`unshare`), it says so, and runs with it.
"""

import fcntl
import os
import pathlib
import socket
import struct
import subprocess
import sys
import time

from notebooks import KERNEL, START, need_kernel

HERE = pathlib.Path(__file__).resolve().parent.parent
# Seconds.
CELL = 60
# Linux: how the flags of a network interface are set, and that it is up and runs.
SIOCSIFFLAGS = 0x8914
UP_AND_RUNNING = 0x41
# What install has built, beside the cells' own folders.
BUILT = ["library", "facade", "tools", "analysis", "cells/template"]


def alone():
    """Whether this script could be run with no network but the machine's own, in a process that has ended by then."""
    leave = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-root-user"]
    try:
        subprocess.run([*leave, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return subprocess.run([*leave, sys.executable, __file__, "--alone"]).returncode


def own_network():
    """Kernel and client talk over the machine's own interface, which is down where nothing else is."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", UP_AND_RUNNING))


class Kernel:
    def __init__(self):
        from jupyter_client.manager import KernelManager

        self.begun = time.time()
        self.manager = KernelManager(kernel_name=KERNEL)
        self.manager.start_kernel(cwd=str(HERE))
        self.client = self.manager.client()
        self.client.start_channels()

    def ready(self):
        self.client.wait_for_ready(timeout=START)
        return self

    def shown(self, code):
        """A cell's value as text."""
        texts = []

        def hear(message):
            texts.append(message["content"].get("data", {}).get("text/plain", ""))

        reply = self.client.execute_interactive(code, timeout=CELL, output_hook=hear)
        if reply["content"]["status"] != "ok":
            sys.exit(f"{code}\n" + "\n".join(reply["content"]["traceback"]))
        return "".join(texts)

    def built(self):
        """Files that this kernel made anew of what install has built."""
        root = pathlib.Path(self.manager.kernel_spec.metadata["root"])
        own = root / "cells" / str(self.manager.provisioner.pid)
        installed = [path for name in BUILT for path in (root / name).rglob("*")]
        linked = [path for path in own.rglob("*flatleaf*") if path.is_file()]
        if not linked:
            sys.exit(f"{own}: a kernel has no folder of its own there")
        return [path for path in installed + linked if path.stat().st_mtime > self.begun]

    def end(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def main():
    need_kernel()
    if "--alone" in sys.argv:
        own_network()
    elif (code := alone()) is not None:
        sys.exit(code)
    else:
        print("one may not leave the network here: the kernels run with it")
    run()


def run():
    begun = time.monotonic()
    kernels = [Kernel(), Kernel()]
    try:
        for number, kernel in enumerate(kernels):
            kernel.ready().shown(f"let number = {number};")
        shown = [kernel.shown("number + 1") for kernel in kernels]
        kernels.append(Kernel())
        shown.append(kernels[-1].ready().shown('Document::open("tests/data/sample.pdf")?.pages() as i32'))
        built = [path for kernel in kernels for path in kernel.built()]
    finally:
        for kernel in kernels:
            kernel.end()
    if shown != ["1", "2", "3"] or built:
        sys.exit(f"three kernels show {shown}, and built {built}")
    print(f"three kernels, two of them at one time, in {time.monotonic() - begun:.0f} s: nothing is built again")


if __name__ == "__main__":
    main()
