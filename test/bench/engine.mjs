/**
 * engine.mjs WHAT FILE...: reads captures with the built library, decodes and tracks them, each as a
 * capture point of its own, and prints nothing. WHAT: read, decode, track, connections or join.
 */
import { closeSync, openSync, readSync } from "node:fs";
import { readCapture } from "../../dist/observed/capture/read-capture.js";
import { decodeRecord } from "../../dist/observed/decode/decode-record.js";
import { DecodedPacket } from "../../dist/observed/decode/packet.js";
import { FlowTracker } from "../../dist/observed/flow/tracker.js";

const [, , what = "", ...files] = process.argv;
const decoded = new DecodedPacket();

/** @param {string} path */
function track(path) {
  const file = openSync(path, "r");
  const read = (target, at) => readSync(file, target, at, target.length - at, null);
  const tracker = new FlowTracker({ facts: what === "join" ? "all" : "totals" });
  const sinks = {
    read: () => {},
    decode: (record) => decodeRecord(record, decoded),
  };
  const takeAll = (record) => {
    decodeRecord(record, decoded);
    tracker.add(record, decoded);
  };
  tracker.startFile({ file: path, point: path, baseTime: undefined });
  const summary = readCapture({ name: path, read }, sinks[what] ?? takeAll);
  closeSync(file);
  tracker.finishFile(summary);
  return tracker;
}

const trackers = files.map(track);
if (what === "connections") {
  for (const tracker of trackers) for (const connection of tracker.connections()) void connection;
}
if (what === "join") {
  const { journeyNumbers } = await import("../../dist/observed/correlate/join-packed.js");
  journeyNumbers(trackers.map((tracker) => tracker.list()));
}
