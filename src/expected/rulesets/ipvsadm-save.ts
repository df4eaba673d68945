/** Reads what `ipvsadm -Sn` prints (ipvsadm 1.31 ipvsadm.c print_service_entry, FMT_RULE). */
import type {
  RealServer,
  Taken,
  Unmodelled,
  VirtualServer,
} from "#expected/netfilter/virtual-server.js";
import { readEndpointText } from "./endpoint-text.js";
import { readNumber } from "./rule-values.js";
import { ruleWords } from "./rule-words.js";

export interface IpvsadmSave {
  readonly servers: readonly VirtualServer[];
  /** Lines that no virtual server has, so that what they say is missing: `file:line: what`. */
  readonly notes: readonly string[];
}

/** Never fails: what it does not understand is a note, or leaves a virtual server unmodelled. */
export function readIpvsadmSave({
  file,
  text,
}: {
  readonly file: string;
  readonly text: string;
}): IpvsadmSave {
  const drafts = new Map<string, Draft>();
  const notes: string[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const line: Line = { file, number: index + 1, text: raw.trim() };
    if (line.text === "" || line.text.startsWith("#")) continue;
    const why = readLine(line, drafts);
    if (why !== undefined) notes.push(`${file}:${line.number}: ${why}`);
  }
  return { servers: [...drafts.values()], notes };
}

interface Line {
  readonly file: string;
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

type Draft = VirtualServer & {
  readonly realServers: RealServer[];
  unmodelled: Unmodelled | undefined;
};

/** Why the line says nothing that is understood. */
function readLine(line: Line, drafts: Map<string, Draft>): string | undefined {
  const [command = "", ...words] = ruleWords(line.text);
  const options = readOptions(words);
  const takes = readTaken(options);
  if (takes === undefined)
    return "no virtual server that is understood; ipvsadm -Sn writes numbers";
  const key = JSON.stringify(takes);
  if (ADD_SERVICE.has(command)) {
    drafts.set(key, newServer(line, { takes, options }));
    return undefined;
  }
  const server = drafts.get(key);
  if (!ADD_SERVER.has(command)) return `${command} is not understood`;
  if (server === undefined) return "a real server without its virtual server";
  const realServer = readRealServer(line, options);
  if (realServer) server.realServers.push(realServer);
  server.unmodelled ??= unmodelledIn(line, {
    options,
    known: SERVER_OPTIONS,
    unread: realServer ? undefined : "its real server",
  });
  return undefined;
}

const ADD_SERVICE: ReadonlySet<string> = new Set(["-A", "--add-service"]);
const ADD_SERVER: ReadonlySet<string> = new Set(["-a", "--add-server"]);

/** Short names by the long ones. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["--tcp-service", "-t"],
  ["--udp-service", "-u"],
  ["--fwmark-service", "-f"],
  ["--ipv6", "-6"],
  ["--scheduler", "-s"],
  ["--persistent", "-p"],
  ["--netmask", "-M"],
  ["--sched-flags", "-b"],
  ["--ops", "-o"],
  ["--real-server", "-r"],
  ["--masquerading", "-m"],
  ["--gatewaying", "-g"],
  ["--ipip", "-i"],
  ["--weight", "-w"],
  ["--u-threshold", "-x"],
  ["--l-threshold", "-y"],
]);

type Options = ReadonlyMap<string, string | undefined>;

function readOptions(words: readonly string[]): Options {
  const options = new Map<string, string | undefined>();
  for (const [at, word] of words.entries()) {
    const [name = "", inline] = word.startsWith("--") ? word.split("=") : [word];
    if (!isOption(name)) continue;
    const next = words[at + 1];
    const value = inline ?? (next === undefined || isOption(next) ? undefined : next);
    options.set(NAMES.get(name) ?? name, value);
  }
  return options;
}

function isOption(word: string): boolean {
  return /^-{1,2}[a-z0-9]/i.test(word);
}

const PROTOCOLS = [
  ["-t", "tcp"],
  ["-u", "udp"],
  ["--sctp-service", "sctp"],
] as const;

function readTaken(options: Options): Taken | undefined {
  const mark = readNumber(options.get("-f"));
  if (mark !== undefined) {
    return { by: "mark", mark, family: options.has("-6") ? "ipv6" : "ipv4" };
  }
  const [option, protocol] = PROTOCOLS.find(([name]) => options.has(name)) ?? [];
  const end = option && readEndpointText(options.get(option) ?? "");
  return end && protocol ? { by: "address", protocol, ...end } : undefined;
}

/** -M tells how much of a client's address counts for -p, -b how a hash is made. */
const SERVICE_OPTIONS = ["-t", "-u", "--sctp-service", "-f", "-6", "-s", "-p", "-M", "-b"];
const SERVER_OPTIONS = ["-t", "-u", "--sctp-service", "-f", "-6", "-r", "-m", "-g", "-i", "-w"];

/** ipvsadm.c DEF_SCHED; and IP_VS_PERSISTENT_TIMEOUT, in seconds. */
const DEFAULT_SCHEDULER = "wlc";
const DEFAULT_PERSISTENCE_SECONDS = 300;

function newServer(
  line: Line,
  { takes, options }: { readonly takes: Taken; readonly options: Options },
): Draft {
  const timeout = options.get("-p");
  const seconds = timeout === undefined ? DEFAULT_PERSISTENCE_SECONDS : readNumber(timeout);
  const isUnread = options.has("-p") && seconds === undefined;
  return {
    file: line.file,
    line: line.number,
    text: line.text,
    takes,
    scheduler: options.get("-s") ?? DEFAULT_SCHEDULER,
    persistenceSeconds: options.has("-p") ? seconds : undefined,
    realServers: [],
    unmodelled: unmodelledIn(line, {
      options,
      known: SERVICE_OPTIONS,
      unread: isUnread ? "-p" : undefined,
    }),
  };
}

interface Told {
  readonly options: Options;
  readonly known: readonly string[];
  /** What could not be read. */
  readonly unread: string | undefined;
}

function unmodelledIn(line: Line, { options, known, unread }: Told): Unmodelled | undefined {
  const what = unread ?? [...options.keys()].find((name) => !known.includes(name));
  return what === undefined ? undefined : { line: line.number, what };
}

function readRealServer(line: Line, options: Options): RealServer | undefined {
  const text = options.get("-r");
  const end = readEndpointText(text ?? "") ?? readEndpointText(`${text}:0`);
  const weight = options.has("-w") ? readNumber(options.get("-w")) : 1;
  if (end === undefined || weight === undefined) return undefined;
  // Direct routing is what ipvsadm does unless it is told otherwise.
  const forwarding = options.has("-m") ? "masquerade" : options.has("-i") ? "tunnel" : "direct";
  return { line: line.number, text: line.text, ...end, forwarding, weight };
}
