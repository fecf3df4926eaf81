"""A coax client in Python's standard library, written from docs/wire.md alone.

    python3 docs/wire-client.py HOST PORT

It calls the calculator of examples/01_calc: a quotient, a typed error, a request that the server refuses, a deadline
that passes and an unknown method. It fails if an answer is not what it should be. A test runs it.
"""
import socket
import struct
import sys

REQUEST, RESPONSE, ERROR = 1, 2, 3
HELLO, WELCOME, GOAWAY, PING, PONG = 16, 17, 19, 24, 25
MORE, DEADLINE = 1, 8


# ---- MessagePack, as much of it as the calculator needs ----

def pack(value):
    if value is None:
        return b"\xc0"
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        return pack_int(value)
    if isinstance(value, float):
        return b"\xcb" + struct.pack(">d", value)
    if isinstance(value, str):
        data = value.encode()
        return pack_head(len(data), 0xA0, 31, (0xD9, 0xDA, 0xDB)) + data
    if isinstance(value, bytes):
        return pack_head(len(value), None, -1, (0xC4, 0xC5, 0xC6)) + value
    if isinstance(value, list):
        return pack_head(len(value), 0x90, 15, (None, 0xDC, 0xDD)) + b"".join(map(pack, value))
    if isinstance(value, dict):  # in ascending key order: the canonical form
        return pack_head(len(value), 0x80, 15, (None, 0xDE, 0xDF)) + b"".join(
            pack(key) + pack(value[key]) for key in sorted(value))
    raise TypeError(type(value))


def pack_int(value):
    if value >= 0:
        if value < 0x80:
            return bytes([value])
        forms = ((0xCC, ">B", 2**8), (0xCD, ">H", 2**16), (0xCE, ">I", 2**32), (0xCF, ">Q", 2**64))
        return next(bytes([tag]) + struct.pack(form, value) for tag, form, end in forms if value < end)
    if value >= -32:
        return struct.pack(">b", value)
    forms = ((0xD0, ">b", 2**7), (0xD1, ">h", 2**15), (0xD2, ">i", 2**31), (0xD3, ">q", 2**63))
    return next(bytes([tag]) + struct.pack(form, value) for tag, form, end in forms if value >= -end)


def pack_head(n, short, short_max, tags):
    if n <= short_max:
        return bytes([short | n])
    for tag, form, end in zip(tags, (">B", ">H", ">I"), (2**8, 2**16, 2**32)):
        if tag is not None and n < end:
            return bytes([tag]) + struct.pack(form, n)
    raise ValueError("too long")


class Unpacker:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, n):
        if n > len(self.data) - self.at:
            raise ValueError("the message ends too early")
        self.at += n
        return self.data[self.at - n:self.at]

    def number(self, form):
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]

    def value(self):
        tag = self.take(1)[0]
        if tag < 0x80:
            return tag
        if tag >= 0xE0:
            return tag - 0x100
        if tag < 0x90:
            return self.map(tag & 15)
        if tag < 0xA0:
            return [self.value() for _ in range(tag & 15)]
        if tag < 0xC0:
            return self.take(tag & 31).decode()
        fixed = {0xC0: None, 0xC2: False, 0xC3: True}
        if tag in fixed:
            return fixed[tag]
        numbers = {0xCA: ">f", 0xCB: ">d", 0xCC: ">B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q",
                   0xD0: ">b", 0xD1: ">h", 0xD2: ">i", 0xD3: ">q"}
        if tag in numbers:
            return self.number(numbers[tag])
        sizes = {0xC4: ">B", 0xC5: ">H", 0xC6: ">I", 0xD9: ">B", 0xDA: ">H", 0xDB: ">I",
                 0xDC: ">H", 0xDD: ">I", 0xDE: ">H", 0xDF: ">I"}
        n = self.number(sizes[tag])
        if tag <= 0xC6:
            return self.take(n)
        if tag <= 0xDB:
            return self.take(n).decode()
        return [self.value() for _ in range(n)] if tag <= 0xDD else self.map(n)

    def map(self, n):
        return {self.value(): self.value() for _ in range(n)}


def unpack(data):
    unpacker = Unpacker(data)
    value = unpacker.value()
    if unpacker.at != len(data):
        raise ValueError("bytes are left over")
    return value


# ---- the connection ----

def packet_id(name):
    """32-bit FNV-1a of the full name, never 0."""
    h = 0x811C9DC5
    for byte in name.encode():
        h = ((h ^ byte) * 0x01000193) % 2**32
    return h or 1


class CoaxError(Exception):
    def __init__(self, code, status):
        super().__init__(code, status)
        self.code = code
        self.message = status.get(1, "")
        self.error_id = status.get(2)
        self.details = status.get(3)


class Client:
    def __init__(self, host, port):
        self.socket = socket.create_connection((host, port), timeout=10)
        self.last_call = 0
        self.max_frame = 4000  # preface, HELLO and all that is sent before WELCOME fit into 4096 bytes
        self.socket.sendall(b"COAX" + bytes([1, 0, 0, 0]))
        self.send(HELLO, 0, 0, pack({1: "wire-client", 2: 0, 3: {1: 32768, 2: 4194304, 3: 1024}}))
        kind, _, aux, _, payload = self.receive()
        if kind != WELCOME:
            raise CoaxError(aux, unpack(payload))
        self.welcome = unpack(payload)
        self.max_frame = self.welcome[3][1]

    def send(self, kind, call, method, payload, flags=0):
        """Cuts what is longer than the server's max_frame."""
        while len(payload) > self.max_frame:
            part, payload = payload[:self.max_frame], payload[self.max_frame:]
            self.socket.sendall(struct.pack("<BBHIII", kind, flags | MORE, 0, len(part), call, method) + part)
            flags = 0
        self.socket.sendall(struct.pack("<BBHIII", kind, flags, 0, len(payload), call, method) + payload)

    def read(self, n):
        data = b""
        while len(data) < n:
            part = self.socket.recv(n - len(data))
            if not part:
                raise ConnectionError("the server closed the connection")
            data += part
        return data

    def receive(self):
        kind, flags, aux, length, call, _ = struct.unpack("<BBHIII", self.read(16))
        return kind, flags, aux, call, self.read(length)

    def call(self, name, request, timeout_us=None):
        """One call at a time, so frames of other calls need not be told apart."""
        self.last_call += 1
        payload = pack(request)
        flags = 0
        if timeout_us is not None:
            payload = struct.pack("<I", timeout_us) + payload
            flags = DEADLINE
        self.send(REQUEST, self.last_call, packet_id(name), payload, flags)
        message = b""
        while True:
            kind, flags, aux, call, part = self.receive()
            if kind >= 128:
                continue  # unknown, and may be skipped
            if kind == PING:
                self.send(PONG, 0, 0, part)
                continue
            if kind == GOAWAY:
                raise CoaxError(aux, unpack(part))
            if kind not in (RESPONSE, ERROR) or call != self.last_call:
                continue
            message += part
            if flags & MORE:
                continue
            if kind == ERROR:
                raise CoaxError(aux, unpack(message))
            return unpack(message)


def expect_error(code, call):
    try:
        answer = call()
    except CoaxError as error:
        assert error.code == code, (error.code, error.message)
        return error
    raise AssertionError(("an answer where an error should be", answer))


def main():
    client = Client(sys.argv[1], int(sys.argv[2]))
    print("welcome:", client.welcome)
    operands = {1: 22.0, 2: 7.0, 3: 1, 5: []}

    answer = client.call("calc.Calculator.divide", operands, timeout_us=2_000_000)
    assert answer == {1: 22.0 / 7.0}, answer
    print("quotient:", answer[1])

    client.max_frame = 8  # smaller than allowed, so that the request comes in five frames
    assert client.call("calc.Calculator.divide", operands, timeout_us=2_000_000) == {1: 22.0 / 7.0}
    client.max_frame = client.welcome[3][1]
    client.send(PING, 0, 0, b"are you?")
    assert client.receive() == (PONG, 0, 0, 0, b"are you?")
    print("cut in pieces, and a PING: fine")

    error = expect_error(3, lambda: client.call("calc.Calculator.divide", {**operands, 2: 0.0}))
    assert error.error_id == packet_id("calc.DivideByZero"), error.error_id
    print("typed error:", error.details)

    error = expect_error(3, lambda: client.call("calc.Calculator.divide", {**operands, 4: "x" * 40}))
    print("refused:", error.message)

    error = expect_error(4, lambda: client.call("calc.Calculator.ponder", {1: "why?"}, timeout_us=100_000))
    print("deadline:", error.message)

    error = expect_error(12, lambda: client.call("calc.Calculator.add", operands))
    print("unknown method:", error.message)


if __name__ == "__main__":
    main()
