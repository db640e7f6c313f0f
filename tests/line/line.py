#!/usr/bin/env python3
"""Network namespaces joined by lines that are as bad as one likes: packets are lost, late, held up or turned away.

Python 3.9 or later, standard library only, Linux. Nothing outside the namespaces is touched, and all of it ends with this program,
which ends when its input does. Where no namespaces may be made it says so and ends with 77.

    python3 tests/line/line.py hill lake mill

makes a namespace for each name. From the first, the hub, a line leads to each other: one TUN device at either end, and this program
between them, which reads IP packets at one end and writes them at the other. On the n-th line (from 1) the hub is 10.7.n.1 and the
other end 10.7.n.2; no packet is sent to anywhere else. TCP is that of the kernel.

A port of the caller's own loopback leads to port 7345 of the loopback of each namespace, to look at the windows there.

It writes a line of JSON when all is ready (`pids` to enter the namespaces by, `ports`), then one for each that it reads:

    {"line": "lake", "rate": 7000, "delay_ms": 1000, "lost_percent": 30, "closed": "in"}
        what a line is like from now on: bytes a second, one way; `closed` lets no new connection `in` from the hub or `out` to it
    {"line": "lake", "hub": "10.7.1.9"}
        the hub has another address on this line, and the old one no more
    {"count": "lake"}
        answered with what went over the line so far, each way
"""

import ctypes
import fcntl
import heapq
import json
import os
import random
import select
import signal
import socket
import struct
import sys
import time

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 1, 0x1000
SIOCSIFFLAGS, SIOCSIFADDR, SIOCSIFNETMASK = 0x8914, 0x8916, 0x891C
IFF_UP, IFF_RUNNING = 1, 0x40
PR_SET_PDEATHSIG = 1
SKIPPED = 77

# Where homes have their windows.
UI_PORT = 7345
# Packets that wait for their turn at one end of a line; one more is lost, as at a modem.
QUEUE = 32

LIBC = ctypes.CDLL(None, use_errno=True)


def unshare(flags):
    if LIBC.unshare(flags) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def own_namespaces():
    """Leaves the network of the caller; whoever may not do so by themselves becomes root of a user namespace first."""
    uid, gid = os.getuid(), os.getgid()
    try:
        unshare(CLONE_NEWNET)
        return False
    except PermissionError:
        pass
    unshare(CLONE_NEWUSER | CLONE_NEWNET)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"0 {uid} 1"),
        ("gid_map", f"0 {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)
    return True


def configure(name, requests):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for request, value in requests:
            fcntl.ioctl(control, request, struct.pack("16s24s", name.encode(), value))


def sockaddr(address):
    return struct.pack("HH4s16x", socket.AF_INET, 0, socket.inet_aton(address))


def set_address(name, address):
    configure(name, [(SIOCSIFADDR, sockaddr(address)), (SIOCSIFNETMASK, sockaddr("255.255.255.0"))])


def set_up(name):
    configure(name, [(SIOCSIFFLAGS, struct.pack("H", IFF_UP | IFF_RUNNING))])


def tun(name, address):
    """A device whose packets are read and written here."""
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_CLOEXEC | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    set_address(name, address)
    set_up(name)
    return device


def keep(devices, listener, channel):
    """The process that keeps one namespace: gives its devices to the parent, then leads callers to the window in it."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    unshare(CLONE_NEWNET)
    set_up("lo")
    made = [tun(name, address) for name, address in devices]
    socket.send_fds(channel, [b"\0"], made)
    for device in made:
        os.close(device)
    peers, poller = {}, select.poll()
    for watched in (channel, listener):
        poller.register(watched, select.POLLIN)
    listener.setblocking(False)
    while True:
        for number, _ in poller.poll():
            if number == channel.fileno():
                told = channel.recv(4096)
                if not told:
                    os._exit(0)
                name, address = told.decode().split()
                set_address(name, address)
                channel.sendall(b"\0")
            elif number == listener.fileno():
                try:
                    one, _ = listener.accept()
                    other = socket.create_connection(("127.0.0.1", UI_PORT), 5)
                except OSError:
                    continue
                for end, far in ((one, other), (other, one)):
                    end.setblocking(True)
                    peers[end.fileno()] = (end, far)
                    poller.register(end, select.POLLIN)
            elif number in peers:
                end, far = peers[number]
                try:
                    data = end.recv(65536)
                    far.sendall(data)
                except OSError:
                    data = b""
                if not data:
                    for half in (end, far):
                        peers.pop(half.fileno(), None)
                        poller.unregister(half)
                        half.close()


class Direction:
    """One way of a line: from a device to the one at the other end."""

    def __init__(self, line, source, target, inwards):
        self.line, self.source, self.target, self.inwards = line, source, target, inwards
        self.free, self.waiting = 0.0, 0
        self.packets = self.bytes = self.lost = self.full = self.turned_away = 0

    def counts(self):
        return {
            name: getattr(self, name) for name in ("packets", "bytes", "lost", "full", "turned_away")
        }

    def take(self, packet, now):
        """When a packet arrives at the other end; never, if nothing is given."""
        line = self.line
        if packet[0] >> 4 != 4:
            return None
        if line.closed == ("in" if self.inwards else "out") and opens_a_connection(packet):
            self.turned_away += 1
            return None
        if self.waiting >= QUEUE:
            self.full += 1
            return None
        takes = len(packet) / line.rate if line.rate else 0.0
        self.free = max(self.free, now) + takes
        if line.random.random() * 100 < line.lost_percent:
            self.lost += 1
            return None
        self.packets += 1
        self.bytes += len(packet)
        self.waiting += 1
        return self.free, self.free + line.delay


class Line:
    """What a line is like."""

    def __init__(self, name):
        self.rate, self.delay, self.lost_percent, self.closed = 0, 0.0, 0, None
        # The same losses each time, as far as the packets are the same.
        self.random = random.Random(name)

    def change(self, told):
        self.rate = told.get("rate", self.rate)
        self.delay = told.get("delay_ms", self.delay * 1000) / 1000
        self.lost_percent = told.get("lost_percent", self.lost_percent)
        self.closed = told.get("closed", self.closed)


def opens_a_connection(packet):
    start = (packet[0] & 15) * 4
    if packet[9] != socket.IPPROTO_TCP or len(packet) < start + 14:
        return False
    return packet[start + 13] & 0x12 == 0x02


def carry(names, lines, ways, channels):
    """Carries packets, and does what it is told, until nobody tells anything any more."""
    poller = select.poll()
    for device in ways:
        poller.register(device, select.POLLIN)
    poller.register(0, select.POLLIN)
    due, number, typed = [], 0, b""
    while True:
        wait = max(0.0, due[0][0] - time.monotonic()) * 1000 if due else None
        ready = poller.poll(wait)
        for file, _ in ready:
            if file == 0:
                piece = os.read(0, 65536)
                if not piece:
                    return
                typed += piece
                while b"\n" in typed:
                    text, typed = typed.split(b"\n", 1)
                    say(obey(json.loads(text), names, lines, ways, channels))
                continue
            way = ways[file]
            while True:
                try:
                    packet = os.read(file, 65536)
                except BlockingIOError:
                    break
                times = way.take(packet, time.monotonic())
                if times is not None:
                    for at, what in zip(times, (None, packet)):
                        number += 1
                        heapq.heappush(due, (at, number, way, what))
        now = time.monotonic()
        while due and due[0][0] <= now:
            _, _, way, packet = heapq.heappop(due)
            if packet is None:
                way.waiting -= 1
                continue
            try:
                os.write(way.target, packet)
            except OSError:
                # The kernel does not want it: it is lost like any other.
                way.lost += 1


def obey(told, names, lines, ways, channels):
    if "count" in told:
        line = lines[told["count"]]
        return {
            "in" if way.inwards else "out": way.counts() for way in ways.values() if way.line is line
        }
    if "hub" in told:
        device = f"to-{told['line']}"
        channels[names[0]].sendall(f"{device} {told['hub']}".encode())
        channels[names[0]].recv(1)
    lines[told["line"]].change(told)
    return {"done": True}


def say(answer):
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main(names):
    listeners = {}
    for name in names:
        # In the network of the caller, and it stays there.
        listeners[name] = socket.create_server(("127.0.0.1", 0))
    try:
        in_user_namespace = own_namespaces()
        os.close(os.open("/dev/net/tun", os.O_RDWR))
    except OSError as error:
        say({"skipped": f"network namespaces and TUN devices: {error}"})
        return SKIPPED
    hub, spokes = names[0], names[1:]
    devices = {hub: [(f"to-{name}", f"10.7.{n}.1") for n, name in enumerate(spokes, 1)]}
    devices.update({name: [("line", f"10.7.{n}.2")] for n, name in enumerate(spokes, 1)})
    channels, pids, made = {}, {}, {}
    for name in names:
        here, there = socket.socketpair()
        pids[name] = os.fork()
        if pids[name] == 0:
            here.close()
            try:
                keep(devices[name], listeners[name], there)
            finally:
                os._exit(1)
        there.close()
        channels[name] = here
        try:
            _, made[name], _, _ = socket.recv_fds(here, 1, len(devices[name]))
            refused = len(made[name]) != len(devices[name])
        except OSError:
            refused = True
        if refused:
            say({"skipped": "network namespaces and TUN devices: not permitted"})
            return SKIPPED
    lines, ways = {name: Line(name) for name in spokes}, {}
    for one, name in zip(made[hub], spokes):
        (other,) = made[name]
        ways[one] = Direction(lines[name], one, other, True)
        ways[other] = Direction(lines[name], other, one, False)
    ports = {name: listener.getsockname()[1] for name, listener in listeners.items()}
    for listener in listeners.values():
        listener.close()
    say({"ready": True, "user_namespace": in_user_namespace, "pids": pids, "ports": ports})
    carry(names, lines, ways, channels)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
