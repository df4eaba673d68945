import type { PointCoverage } from "../point-coverage.js";
import type { Remark, RemarkDefinition } from "../remark.js";
import { checksumOffload } from "./checksum-offload.js";
import { coarseTimes } from "./coarse-times.js";
import { copies } from "./copies.js";
import { dropsNotTold } from "./drops-not-told.js";
import { fileCut } from "./file-cut.js";
import { headersCut } from "./headers-cut.js";
import { kernelDropped } from "./kernel-dropped.js";
import { looksFiltered } from "./looks-filtered.js";
import { midStream } from "./mid-stream.js";
import { noInterfaceIndex } from "./no-interface-index.js";
import { noIpId } from "./no-ip-id.js";
import { notFollowed } from "./not-followed.js";
import { oneDirection } from "./one-direction.js";
import { oneSided } from "./one-sided.js";
import { oneWayHalves } from "./one-way-halves.js";
import { payloadCut } from "./payload-cut.js";
import { promiscuousNotTold } from "./promiscuous-not-told.js";
import { recordedNothing } from "./recorded-nothing.js";
import { setBack } from "./set-back.js";
import { superPackets } from "./super-packets.js";
import { unseenData } from "./unseen-data.js";

/** Every kind of remark, in the order they are told. To add one: write its file, add its line. */
export const REMARKS: readonly RemarkDefinition[] = [
  recordedNothing,
  kernelDropped,
  unseenData,
  setBack,
  headersCut,
  oneDirection,
  oneSided,
  noInterfaceIndex,
  notFollowed,
  dropsNotTold,
  looksFiltered,
  promiscuousNotTold,
  midStream,
  fileCut,
  payloadCut,
  checksumOffload,
  superPackets,
  copies,
  oneWayHalves,
  noIpId,
  coarseTimes,
];

export function remarksOn(point: PointCoverage): readonly Remark[] {
  return REMARKS.flatMap((definition) => {
    const found = definition.examine(point);
    return found ? [{ id: definition.id, grade: definition.grade, ...found }] : [];
  });
}
