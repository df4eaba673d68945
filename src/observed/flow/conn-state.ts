/** Zeek's `conn_state`, decided as scripts/base/protocols/conn/main.zeek does, in its order. */
import { IP_PROTOCOL } from "#net/protocol.js";
import type { Pair } from "#net/types.js";
import type { ConnState } from "./connection.js";
import { ENDPOINT } from "./endpoint-state.js";

export interface StateFacts {
  /** IP protocol number. */
  readonly protocol: number;
  /** TCP: each side's `EndpointState`. */
  readonly states: Pair<number>;
  readonly packets: Pair<number>;
  readonly payloadBytes: Pair<number>;
  readonly history: string;
}

/** A SYN, then a RST of the same side, and nothing in between that another answer would explain. */
const SYN_THEN_RESET = /^\^?S[^HAFGIQ]*R/;

export function connState(facts: StateFacts): ConnState {
  if (facts.protocol === IP_PROTOCOL.tcp) return tcpState(facts);
  if (facts.protocol === IP_PROTOCOL.udp) return udpState(facts.packets);
  return "OTH";
}

function udpState([originator, responder]: Pair<number>): ConnState {
  if (originator > 0) return responder > 0 ? "SF" : "S0";
  return responder > 0 ? "SHR" : "OTH";
}

function tcpState({ states, payloadBytes, history }: StateFacts): ConnState {
  const [originator, responder] = states;
  if (responder === ENDPOINT.reset) return resetByResponder(originator, payloadBytes);
  if (originator === ENDPOINT.reset) {
    if (!isUnseen(responder)) return "RSTO";
    return SYN_THEN_RESET.test(history) ? "RSTOS0" : "OTH";
  }
  if (responder === ENDPOINT.closed && originator === ENDPOINT.closed) return "SF";
  if (originator === ENDPOINT.closed) return isUnseen(responder) ? "SH" : "S2";
  if (responder === ENDPOINT.closed) return isUnseen(originator) ? "SHR" : "S3";
  if (originator === ENDPOINT.synSent && responder === ENDPOINT.inactive) return "S0";
  const established = originator === ENDPOINT.established && responder === ENDPOINT.established;
  return established ? "S1" : "OTH";
}

function resetByResponder(originator: number, payloadBytes: Pair<number>): ConnState {
  if (originator === ENDPOINT.synSent || originator === ENDPOINT.synAckSent) return "REJ";
  const nothingSent = payloadBytes[0] === 0 && payloadBytes[1] === 0;
  if (originator === ENDPOINT.reset && nothingSent) return "REJ";
  return isUnseen(originator) ? "RSTRH" : "RSTR";
}

function isUnseen(state: number): boolean {
  return state === ENDPOINT.inactive || state === ENDPOINT.partial;
}
