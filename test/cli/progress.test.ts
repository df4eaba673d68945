import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { Progress, progressFor } from "../../src/cli/progress.js";
import type { Io } from "../../src/cli/io.js";

function terminal({ isTTY = true, env = {} } = {}) {
  const written: string[] = [];
  const stderr = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      written.push(chunk);
      done();
    },
  });
  const io: Io = {
    stdin: process.stdin,
    stdout: stderr,
    stderr: Object.assign(stderr, { isTTY }),
    env,
  };
  return { io, written };
}

test("silent for the first second, then a line four times a second, and away at the end", () => {
  const { io, written } = terminal();
  let ms = 0;
  const progress = new Progress(io, { totalBytes: 400e6, now: () => ms });
  for (ms = 0; ms <= 2000; ms += 50) progress.advance(5e6);
  progress.clear();
  progress.clear();
  expect(written).toEqual([
    "\r\u001b[K26% of 400 MB, 105 MB/s, 3 s left",
    "\r\u001b[K32% of 400 MB, 104 MB/s, 3 s left",
    "\r\u001b[K38% of 400 MB, 103 MB/s, 3 s left",
    "\r\u001b[K45% of 400 MB, 103 MB/s, 3 s left",
    "\r\u001b[K51% of 400 MB, 103 MB/s, 2 s left",
    "\r\u001b[K",
  ]);
});

test("of a pipe no end is known", () => {
  const { io, written } = terminal();
  let ms = 0;
  const progress = new Progress(io, { totalBytes: 0, now: () => ms });
  ms = 1000;
  progress.advance(5e6);
  expect(written).toEqual(["\r\u001b[K5 MB, 5 MB/s"]);
});

test("what takes minutes says so", () => {
  const { io, written } = terminal();
  let ms = 0;
  const progress = new Progress(io, { totalBytes: 10e9, now: () => ms });
  ms = 1000;
  progress.advance(80e6);
  expect(written).toEqual(["\r\u001b[K0% of 10000 MB, 80 MB/s, 2 min 4 s left"]);
});

test("nothing of 100 MB and less", () => {
  expect(progressFor(terminal().io, 100e6)).toBeUndefined();
  expect(progressFor(terminal().io, 100e6 + 1)).toBeDefined();
  expect(progressFor(terminal().io, 0)).toBeDefined();
});

test("nothing but a terminal that can erase a line gets any", () => {
  expect(progressFor(terminal({ isTTY: false }).io, 1e9)).toBeUndefined();
  expect(progressFor(terminal({ env: { TERM: "dumb" } }).io, 1e9)).toBeUndefined();
  expect(progressFor(terminal().io, 1e9)).toBeDefined();
});
