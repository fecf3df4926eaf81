"""The bytes shown in docs/wire.md are those that coax sends.

    python3 wire_bytes.py FILE.md SERVER CLIENT

Runs CLIENT against SERVER through a proxy that keeps what passes, then looks for every ```hex block of FILE.md in it.
In a block, what follows two spaces is a remark; a line whose remark says "varies" stands for any bytes.
"""
import re
import selectors
import socket
import subprocess
import sys


def blocks(path):
    text = open(path, encoding="utf-8").read()
    for found in re.finditer(r"^```hex\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        pattern = b""
        for line in found.group(1).splitlines():
            shown, _, remark = line.strip().partition("  ")
            data = bytes.fromhex(shown)
            pattern += b"." * len(data) if "varies" in remark else re.escape(data)
        yield text.count("\n", 0, found.start()) + 1, re.compile(pattern, re.DOTALL)


def relay(listener, address):
    """Passes one connection on, both ways, and returns what went each way."""
    near, _ = listener.accept()
    far = socket.create_connection(address, timeout=10)
    seen = {near: b"", far: b""}
    selector = selectors.DefaultSelector()
    selector.register(near, selectors.EVENT_READ, far)
    selector.register(far, selectors.EVENT_READ, near)
    while True:
        for key, _ in selector.select(timeout=20) or sys.exit("nothing passed for 20 s"):
            data = key.fileobj.recv(65536)
            if not data:
                return seen[near], seen[far]
            seen[key.fileobj] += data
            key.data.sendall(data)


def capture(server_path, client_path):
    server = subprocess.Popen([server_path, "plain+tcp://127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
    try:
        port = int(server.stdout.readline().rsplit(":", 1)[1])
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(20)
            url = "plain+tcp://127.0.0.1:%d" % listener.getsockname()[1]
            client = subprocess.Popen([client_path, url], stdout=subprocess.DEVNULL)
            seen = relay(listener, ("127.0.0.1", port))
            client.wait(timeout=20)
        return seen
    finally:
        server.terminate()
        server.wait(timeout=20)


def main():
    path, server, client = sys.argv[1:]
    streams = capture(server, client)
    n_shown = n_missing = 0
    for line, pattern in blocks(path):
        n_shown += 1
        if not any(pattern.search(stream) for stream in streams):
            n_missing += 1
            print("%s:%d: coax does not send these bytes" % (path, line))
    print("%d blocks compared, %d differ" % (n_shown, n_missing))
    if n_missing or not n_shown:
        for name, stream in zip(("client", "server"), streams):
            print(name, stream.hex(" "))
        sys.exit(1)


main()
