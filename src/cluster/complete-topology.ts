/** What one topology file adds to what others tell, as they are written. */
import type { CompletionInput } from "./topology-schema.js";

/** What is missing in it may be in another file: only the whole is checked. */
export type TopologySoFar = Omit<CompletionInput, "schema">;

/** By name: a fact of `more` stands in place of the same fact, and everything else stays. */
export function completed(
  known: TopologySoFar,
  more: CompletionInput,
  podNames: ReadonlyMap<string, string>,
): TopologySoFar {
  const nameOfPod = (name: string): string => podNames.get(name) ?? name;
  const { schema: _, nodes = [], pods = [], services = [], clients = [], ...others } = more;
  return {
    ...known,
    ...others,
    nodes: merged(known.nodes ?? [], nodes.map(withPodNames(nameOfPod))),
    pods: merged(
      known.pods ?? [],
      pods.map((pod) => ({ ...pod, name: nameOfPod(pod.name) })),
    ),
    services: merged(known.services ?? [], services),
    clients: merged(known.clients ?? [], clients),
  };
}

type Node = NonNullable<CompletionInput["nodes"]>[number];

/** Interfaces may call a pod by `namespace/name`, as pods of that list may. */
function withPodNames(nameOfPod: (name: string) => string): (node: Node) => Node {
  return (node) => {
    if (node.interfaces === undefined) return node;
    const interfaces = node.interfaces.map((port) =>
      port.pod === undefined ? port : { ...port, pod: nameOfPod(port.pod) },
    );
    return { ...node, interfaces };
  };
}

function merged<Part extends { readonly name: string }>(
  known: readonly Part[],
  more: readonly Part[],
): Part[] {
  const byName = new Map(more.map((part) => [part.name, part]));
  const names = new Set(known.map(({ name }) => name));
  return [
    ...known.map((part) => ({ ...part, ...byName.get(part.name) })),
    ...more.filter(({ name }) => !names.has(name)),
  ];
}
