/** Reads what `ipset save` prints. */
import {
  SET_PARTS,
  type IpSet,
  type SetMember,
  type SetPart,
  type SetValue,
} from "#expected/netfilter/ip-set.js";
import { allRead, readBlock, readProtocol, readRange } from "./rule-values.js";

/** By name. A set with a member that is not understood is kept as one of an unmodelled type. */
export function readIpsetSave(text: string): ReadonlyMap<string, IpSet> {
  const sets = new Map<string, IpSet & { readonly members: SetMember[] }>();
  for (const line of text.split("\n")) {
    const [command, name = "", what = "", ...options] = line.trim().split(/\s+/);
    if (command === "create") {
      sets.set(name, { name, parts: partsOf(what, options), members: [] });
    }
    const set = sets.get(name);
    if (command !== "add" || set?.parts === undefined) continue;
    const member = readMember(what, { parts: set.parts, options });
    if (member === undefined) sets.set(name, { ...set, parts: undefined });
    else set.members.push(member);
  }
  return sets;
}

/** `hash:ip,port`, `bitmap:port`. Addresses behind a netmask are compared in a way of their own. */
function partsOf(type: string, options: readonly string[]): IpSet["parts"] {
  const [, parts] = /^(?:hash|bitmap):(\S+)$/.exec(type) ?? [];
  if (parts === undefined || options.includes("netmask") || options.includes("bitmask")) {
    return undefined;
  }
  return allRead(parts.split(","), (text) => SET_PARTS.find((part) => part === text));
}

function readMember(
  text: string,
  { parts, options }: { readonly parts: readonly SetPart[]; readonly options: readonly string[] },
): SetMember | undefined {
  const texts = text.split(",");
  if (texts.length !== parts.length) return undefined;
  const values = parts.map((part, at) => readValue(part, { text: texts[at] ?? "", parts }));
  if (!values.every((value) => value !== undefined)) return undefined;
  return { values, isException: options.includes("nomatch") };
}

function readValue(
  part: SetPart,
  { text, parts }: { readonly text: string; readonly parts: readonly SetPart[] },
): SetValue | undefined {
  if (part !== "port") {
    const prefix = readBlock(text);
    return prefix && { kind: "addresses", prefix };
  }
  const [protocolText, portText] = text.includes(":") ? text.split(":") : [undefined, text];
  const range = readRange(portText ?? "", "-");
  if (range === undefined) return undefined;
  // A set of ports alone asks no protocol; one of addresses and ports means TCP without one.
  const bare = parts.length === 1 ? undefined : "tcp";
  const protocol = protocolText === undefined ? bare : readProtocol(protocolText);
  if (protocolText !== undefined && protocol === undefined) return undefined;
  return { kind: "ports", protocol, ...range };
}
