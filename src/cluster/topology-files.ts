/**
 * A topology from one file or several: topology files, and Kubernetes' own objects as kubectl prints
 * them. Where two tell of one thing a topology file counts, for a person wrote it, and the later one.
 */
import { completed, type TopologySoFar } from "./complete-topology.js";
import { KubeFault } from "./kubectl/kube-field.js";
import { kubeObjects, type KubeObject } from "./kubectl/kube-object.js";
import { isKubeText } from "./kubectl/is-kube-text.js";
import { kubeTopology, type KubeTopology } from "./kubectl/kube-topology.js";
import {
  readCompletion,
  readTopology,
  topologyFrom,
  TopologyError,
  type TopologyText,
} from "./topology-file.js";
import type { Topology } from "./topology.js";

/** @throws TopologyError that names every fault with its place. */
export function readTopologies(files: readonly TopologyText[]): Topology {
  const [only] = files;
  if (only && files.length === 1 && !isKubeText(only.text)) return readTopology(only);
  const ofKubectl = files.filter(({ text }) => isKubeText(text));
  const { input, podNames, assumptions } = fromKubectl(ofKubectl);
  const completions = files.filter((file) => !ofKubectl.includes(file)).map(readCompletion);
  const whole = completions.reduce<TopologySoFar>(
    (known, more) => completed(known, more, podNames),
    input,
  );
  const topology = topologyFrom(whole, files.map(({ file }) => file).join(" and "));
  const told = new Set(completions.flatMap((completion) => Object.keys(completion)));
  const open = assumptions.filter(({ about }) => about === undefined || !told.has(about));
  return open.length === 0 ? topology : { ...topology, assumptions: open.map(({ text }) => text) };
}

function fromKubectl(files: readonly TopologyText[]): KubeTopology {
  let at = files[0];
  function* objects(): Generator<KubeObject> {
    for (at of files) yield* kubeObjects(at.text);
  }
  try {
    const read = kubeTopology(objects());
    const { nodes, pods = [], services = [] } = read.input;
    const isEmpty = nodes.length + pods.length + services.length === 0;
    if (isEmpty && files.length > 0) throw new TopologyError(nothingOf(files));
    return read;
  } catch (error) {
    if (!(error instanceof KubeFault)) throw error;
    throw new TopologyError(`${at?.file ?? ""}: ${error.message}\n    try       ${COMMAND}`);
  }
}

const namesOf = (files: readonly TopologyText[]): string =>
  files.map(({ file }) => file).join(" and ");

function nothingOf(files: readonly TopologyText[]): string {
  return `${namesOf(files)}: no Node, Pod or Service in it\n    try       ${COMMAND}`;
}

const COMMAND =
  "kubectl get nodes,pods,services,endpointslices,endpoints -A -o json > cluster.json";
