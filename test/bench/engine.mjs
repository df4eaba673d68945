/** engine.mjs FILE: reads, decodes and tracks a capture with the built library, and prints nothing. */
import { closeSync, openSync, readSync } from "node:fs";
import { readCapture } from "../../dist/observed/capture/read-capture.js";
import { decodeRecord } from "../../dist/observed/decode/decode-record.js";
import { DecodedPacket } from "../../dist/observed/decode/packet.js";
import { FlowTracker } from "../../dist/observed/flow/tracker.js";

const [, , path = "", what = ""] = process.argv;
const file = openSync(path, "r");
const read = (target, at) => readSync(file, target, at, target.length - at, null);
const tracker = new FlowTracker();
const decoded = new DecodedPacket();
tracker.startFile({ file: path, point: path, baseTime: undefined });
const summary = readCapture(
  { name: path, read },
  what === "read"
    ? () => {}
    : what === "decode"
      ? (record) => decodeRecord(record, decoded)
      : (record) => {
          decodeRecord(record, decoded);
          tracker.add(record, decoded);
        },
);
closeSync(file);
tracker.finishFile(summary);
if (what === "connections") for (const connection of tracker.connections()) void connection;
