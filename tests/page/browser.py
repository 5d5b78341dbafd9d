"""Chromium without a window, over its own protocol through two pipes: no driver, no port, no package."""

import base64
import contextlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def chromium() -> str | None:
    """Return the path of a Chromium, None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Tab:
    """One page in a browser: it is told what to do, and what it said is kept."""

    def __init__(self, write: int, read: int) -> None:
        self._write, self._read, self._rest, self._count = write, read, b"", 0
        self.events: list[dict[str, Any]] = []
        self._session: str | None = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            got = os.read(self._read, 1 << 20)
            if not got:
                raise RuntimeError("the browser is gone")
            self._rest += got
        text, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        return message

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a method of the protocol and return its result."""
        self._count += 1
        message: dict[str, Any] = {"id": self._count, "method": method, "params": params}
        if self._session is not None:
            message["sessionId"] = self._session
        left = memoryview(json.dumps(message).encode() + b"\0")
        while left:
            left = left[os.write(self._write, left) :]
        while (answer := self._message()).get("id") != self._count:
            self.events.append(answer)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        found: dict[str, Any] = answer["result"]
        return found

    def wait(self, method: str) -> dict[str, Any]:
        """Wait for an event."""
        while True:
            self.events.append(message := self._message())
            if message.get("method") == method:
                return message

    def size(self, width: int, height: int = 900, shade: str = "light", scale: float = 1) -> None:
        """Make the page as wide as a phone or a desktop, light or dark."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=width < 700,
        )
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": shade}])

    def open(self, address: str) -> None:
        """Open a page, without the network, and wait for it."""
        self.call(
            "Network.emulateNetworkConditions",
            offline=True,
            latency=0,
            downloadThroughput=-1,
            uploadThroughput=-1,
        )
        self.call(
            "Page.navigate", url="about:blank"
        )  # a link that differs in its fragment alone opens nothing anew
        self.wait("Page.loadEventFired")
        self.events.clear()
        self.call("Page.navigate", url=address)
        self.wait("Page.loadEventFired")
        self.settle()

    def run(self, script: str) -> Any:
        """Return what an expression comes to; a promise is waited for."""
        found = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in found:
            raise RuntimeError(found["exceptionDetails"]["exception"].get("description", "an exception"))
        return found["result"].get("value")

    def settle(self) -> None:
        """Wait until what was begun is shown."""
        self.run(
            "new Promise((done) => setTimeout(() => requestAnimationFrame(() => setTimeout(done, 0)), 0))"
        )

    def type(self, text: str) -> None:
        """Type into what has the focus."""
        self.call("Input.insertText", text=text)
        self.settle()

    def press(self, key: str, code: int, text: str = "", shift: bool = False) -> None:
        """Press and release a key."""
        more = {"text": text} if text else {}
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=code,
                modifiers=8 if shift else 0,
                **more,
            )
        self.settle()

    def tap(self, name: str) -> None:
        """Scroll to an element by its id where it is not in sight, and press and release in its middle."""
        x, y = self.run(
            f"""(() => {{
                const it = document.getElementById({json.dumps(name)}), top = it.getBoundingClientRect().top;
                if (top < 0 || top > innerHeight - 60) it.scrollIntoView({{ block: "center" }});
                const r = it.getBoundingClientRect();
                return [r.x + r.width / 2, r.y + r.height / 2];
            }})()"""
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
        self.settle()

    def tab(self, back: bool = False) -> str:
        """Press Tab; return the id of what has the focus."""
        self.press("Tab", 9, shift=back)
        return str(self.run("document.activeElement.id || document.activeElement.textContent.slice(0, 40)"))

    def fill(self, **values: str) -> None:
        """Write values into inputs by their id, as if they were typed and left."""
        for name, value in values.items():
            field = json.dumps(name.replace("_", "-"))
            self.run(
                f"(() => {{ const i = document.getElementById({field}); i.value = {json.dumps(value)};"
                "for (const one of ['input', 'change']) i.dispatchEvent(new Event(one, {bubbles: 1})); })()"
            )
        self.settle()

    def text(self, name: str) -> str:
        """Return the text of an element by its id, as it is seen."""
        return str(self.run(f"document.getElementById({json.dumps(name)}).innerText"))

    def shot(self, path: Path, whole: bool = True, most: int = 16000) -> None:
        """Save a picture of the page."""
        clip = {}
        if whole:
            size = self.call("Page.getLayoutMetrics")["cssContentSize"]
            clip = {
                "clip": {
                    "x": 0,
                    "y": 0,
                    "width": size["width"],
                    "height": min(size["height"], most),
                    "scale": 1,
                }
            }
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole, **clip)
        path.write_bytes(base64.b64decode(shot["data"]))

    def pdf(self) -> bytes:
        """Return the page as it is printed on A4."""
        return base64.b64decode(
            self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=False)["data"]
        )

    def console(self) -> list[str]:
        """Return what the page said in the console, warnings and refusals of the browser among it."""
        self.settle()
        said = []
        for event in self.events:
            if event.get("method") in (
                "Runtime.consoleAPICalled",
                "Log.entryAdded",
                "Runtime.exceptionThrown",
            ):
                said.append(json.dumps(event["params"])[:300])
        return said

    def requests(self) -> list[str]:
        """Return the addresses that were asked for."""
        return [
            e["params"]["request"]["url"]
            for e in self.events
            if e.get("method") == "Network.requestWillBeSent"
        ]


@contextlib.contextmanager
def browser() -> Iterator[Tab]:
    """Give a tab of a browser of its own, which is ended afterwards."""
    to_read, write = os.pipe()
    read, to_write = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        words = [
            str(chromium()), "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
            "--no-first-run", "--disable-dev-shm-usage", "--hide-scrollbars", f"--user-data-dir={folder}",
        ]  # fmt: skip
        ends = 'r=$1; w=$2; shift 2; exec "$@" 3<&"$r" 4>&"$w"'  # the protocol is on 3 and 4
        running = subprocess.Popen(
            ["bash", "-c", ends, "bash", str(to_read), str(to_write), *words],
            pass_fds=(to_read, to_write), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(to_read)
        os.close(to_write)
        try:
            yield Tab(write, read)
        finally:
            for end in (write, read):
                with contextlib.suppress(OSError):
                    os.close(end)
            running.terminate()
            running.wait(20)
