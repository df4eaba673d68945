/** `CAPTURE-NODE-20230313101436UTC`, as Retina calls a node's archive and the capture in it. */

/**
 * The node. Its name and the capture's both may have dashes: without the name that `kubectl retina
 * capture create` gives nothing tells where one ends, and the whole stands for the node.
 */
export function nodeOfRetinaName(name: string): string | undefined {
  const [, stem] = /^(.+)-\d{14}UTC(?:\.(?:pcap|tar|tgz|tar\.gz))?$/.exec(name) ?? [];
  return stem?.replace(/^retina-capture-[a-z0-9]{5}-(?=.)/, "");
}
