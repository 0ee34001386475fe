"""The instance's end of the frame channel: a frame is `u32 length, u8 type, payload`."""

import os
import select
import socket
import struct
import threading

# Frame types, as in contracts/frames/protocol.ts.
HELLO, ASSIGN, RELEASE, READY, INIT_ERROR, INVOKE, RESULT, ERROR, FATAL, LOG = range(1, 11)
HEADER = struct.Struct("!IB")


class Line:
    def __init__(self, address):
        if address.startswith("unix:"):
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._socket.connect(address[len("unix:"):])
        else:
            host, port = address[len("tcp:"):].rsplit(":", 1)
            self._socket = socket.create_connection((host, int(port)))
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._lock = threading.Lock()
        threading.Thread(target=self._watch, daemon=True).start()

    def send(self, kind, payload):
        with self._lock:
            self._socket.sendall(HEADER.pack(len(payload), kind) + payload)

    def receive(self):
        length, kind = HEADER.unpack(self._read(HEADER.size))
        return kind, self._read(length)

    def _read(self, length):
        body = bytearray(length)
        view = memoryview(body)
        filled = 0
        while filled < length:
            count = self._socket.recv_into(view[filled:])
            if count == 0:
                os._exit(1)
            filled += count
        return body

    def _watch(self):
        """No instance outlives its host, not even one whose handler never returns."""
        poll = select.poll()
        poll.register(self._socket, getattr(select, "POLLRDHUP", 0))
        while True:
            for _, happened in poll.poll():
                if happened & (select.POLLHUP | select.POLLERR | getattr(select, "POLLRDHUP", 0)):
                    os._exit(1)


def encode(text):
    return text.encode("utf-8", "backslashreplace")
