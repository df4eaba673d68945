import type { Prediction } from "#report/prediction.js";
import { predictionJson } from "#report/prediction-json.js";
import { predictionText } from "#report/prediction-text.js";
import { sanitize } from "#report/sanitize.js";
import { readColourChoice, styleOf } from "../colour.js";
import { CannotCheck, EXIT } from "../exit.js";
import type { Io } from "../io.js";
import { layoutAt } from "../layout-at.js";
import { layoutOf } from "../output.js";
import { readOutputTargets } from "../output-targets.js";
import { predictOnNode, type Predicted } from "../predict-node.js";
import { readAsked, type PredictFlags } from "../predict-options.js";
import { writeOutputs } from "../write-outputs.js";

/** The model alone: what nodes' rules, routes and addresses do to one connection's packets. */
export async function predict(flags: PredictFlags, io: Io): Promise<number> {
  const { output: words, topology = [], state } = flags;
  const inputs = state === undefined ? topology : [...topology, state];
  const targets = readOutputTargets({ words, formats: FORMATS, inputs, io });
  const style = styleOf(readColourChoice(flags.color), io.stdout, io.env);
  const { prediction, notes } = await predicted(flags);
  for (const line of notes) io.stderr.write(`${sanitize(line)}\n`);
  const outputs = targets.map(({ format, place }) => {
    const layout = layoutAt(place, layoutOf(io.stdout, style));
    const isJson = format.name === "json";
    return {
      place,
      chunks: isJson ? predictionJson(prediction) : predictionText(prediction, layout),
    };
  });
  if (!(await writeOutputs(outputs, io))) return EXIT.couldNotCheck;
  return isUnknown(prediction) ? EXIT.inconclusive : EXIT.agreed;
}

interface Format {
  readonly name: "text" | "json";
}

const FORMATS: readonly [Format, Format] = [{ name: "text" }, { name: "json" }];

async function predicted(flags: PredictFlags): Promise<Predicted> {
  const { topology, state } = flags;
  const asked = readAsked(flags);
  if (topology !== undefined) {
    const { predictInNetwork } = await import("../predict-network.js");
    return predictInNetwork({ ...flags, topology }, asked);
  }
  if (state !== undefined) return predictOnNode({ ...flags, state }, asked);
  throw new CannotCheck(
    "--topology and --state are missing: what is known of the cluster, or of one node\n" +
      "    try       pcapcheck predict --topology topology.yaml …",
  );
}

/** Where one of several branches is beyond the model, the answer is too. */
function isUnknown({ journeys }: Prediction): boolean {
  return journeys.some(({ paths }) => paths.some(({ end }) => end.kind === "unknown"));
}
