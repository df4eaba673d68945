"""Many conversations at once, all with the same bytes.

load.py serve tcp:PORT... udp:PORT...
load.py dial FOLDER NAME ROUNDS SPEC...

A SPEC is KIND,FIRST-LAST,ADDRESS[,PORT] of KIND tcp, bulk (TCP whose answer is 150,000 bytes), udp, large (4,000 bytes
of UDP) or icmp; FIRST-LAST are source ports, or identifiers. Each round is one question and its answer on every conversation. Round N begins when FOLDER/round-N
is there and is over when FOLDER/NAME-N is; all stay open until FOLDER/close is there.
"""

import asyncio
import os
import socket
import struct
import sys

QUESTION, ANSWER = b"question\n", b"answer\n"
BULK_QUESTION, BULK_ANSWER = b"bulk question\n", b"bulk answer ".ljust(149_999, b".") + b"\n"
LARGE = b"large question ".ljust(4000, b".")
SECONDS = 8


async def main(command, *arguments):
    await {"serve": serve, "dial": dial}[command](*arguments)


async def serve(*listeners):
    loop = asyncio.get_running_loop()
    for listener in listeners:
        protocol, port = listener.split(":")
        if protocol == "tcp":
            await asyncio.start_server(answer_stream, "0.0.0.0", int(port), backlog=256)
        else:
            await loop.create_datagram_endpoint(AnswerDatagrams, local_addr=("0.0.0.0", int(port)))
    await asyncio.Event().wait()


async def answer_stream(reader, writer):
    while question := await reader.readline():
        writer.write(BULK_ANSWER if question == BULK_QUESTION else ANSWER)
        await writer.drain()
    writer.close()


class AnswerDatagrams(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, source):
        self.transport.sendto(data if len(data) > 1000 else ANSWER, source)


async def dial(folder, name, rounds, *specs):
    talks = [talk for spec in specs for talk in talks_of(spec)]
    await asyncio.gather(*(talk.open() for talk in talks))
    for number in range(1, int(rounds) + 1):
        await appears(f"{folder}/round-{number}")
        await asyncio.gather(*(asyncio.wait_for(talk.ask(number), SECONDS) for talk in talks))
        open(f"{folder}/{name}-{number}", "w").close()
    await appears(f"{folder}/close")


async def appears(path):
    while not os.path.exists(path):
        await asyncio.sleep(0.02)


def talks_of(spec):
    kind, ports, address, *port = spec.split(",")
    first, _, last = ports.partition("-")
    target = (address, int(port[0]) if port else 0)
    return [KINDS[kind](source, target) for source in range(int(first), int(last or first) + 1)]


class Stream:
    question, answer = QUESTION, ANSWER

    def __init__(self, source, target):
        self.source, self.target = source, target

    # The connection is opened by the first question: all of them at once.
    async def open(self):
        pass

    async def ask(self, number):
        if number == 1:
            self.reader, self.writer = await asyncio.open_connection(*self.target, local_addr=("0.0.0.0", self.source))
        self.writer.write(self.question)
        assert await self.reader.readexactly(len(self.answer)) == self.answer


class BulkStream(Stream):
    question, answer = BULK_QUESTION, BULK_ANSWER


class Datagrams(asyncio.DatagramProtocol):
    question = QUESTION

    def __init__(self, source, target):
        self.source, self.target = source, target

    async def open(self):
        self.transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: self, local_addr=("0.0.0.0", self.source), remote_addr=self.target
        )

    async def ask(self, number):
        self.answered = asyncio.get_running_loop().create_future()
        self.transport.sendto(self.question)
        await self.answered

    def datagram_received(self, data, source):
        self.answered.set_result(data)


class LargeDatagrams(Datagrams):
    question = LARGE


class Echoes:
    def __init__(self, source, target):
        self.identifier, self.target = source, target

    async def open(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        self.socket.setblocking(False)

    async def ask(self, number):
        loop = asyncio.get_running_loop()
        await loop.sock_sendto(self.socket, echo_request(self.identifier, number), self.target)
        while True:
            packet = await loop.sock_recv(self.socket, 2048)
            message = packet[(packet[0] & 15) * 4 :]
            if struct.unpack("!BxxxHH", message[:8]) == (0, self.identifier, number):
                return


def echo_request(identifier, number):
    def message(checksum):
        return struct.pack("!BBHHH", 8, 0, checksum, identifier, number) + b"question"

    total = sum(struct.unpack("!8H", message(0)))
    total = (total & 0xFFFF) + (total >> 16)
    return message(~((total & 0xFFFF) + (total >> 16)) & 0xFFFF)


KINDS = {"tcp": Stream, "bulk": BulkStream, "udp": Datagrams, "large": LargeDatagrams, "icmp": Echoes}

asyncio.run(main(*sys.argv[1:]))
