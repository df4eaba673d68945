import { recogniseArchive } from "./recognise/archive.js";
import { recogniseCapture } from "./recognise/capture.js";
import { recogniseKubeSkoop } from "./recognise/kubeskoop.js";
import { recogniseOwnReport } from "./recognise/own-report.js";
import { recogniseRetina } from "./recognise/retina.js";
import { recogniseStateByContent } from "./recognise/state-by-content.js";
import { recogniseStateByName } from "./recognise/state-by-name.js";
import { recogniseTopology } from "./recognise/topology.js";
import type { Recogniser } from "./recogniser.js";

/** In the order they are asked, most specific first. To add one: its file, its line here. */
export const RECOGNISERS: readonly Recogniser[] = [
  recogniseOwnReport,
  recogniseArchive,
  recogniseRetina,
  recogniseKubeSkoop,
  recogniseCapture,
  recogniseStateByName,
  recogniseTopology,
  recogniseStateByContent,
];
