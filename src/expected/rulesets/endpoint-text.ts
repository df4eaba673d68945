import { parseAddress, type Address } from "#net/address.js";

export interface EndpointAddress {
  readonly address: Address;
  readonly port: number;
}

/** Reads `10.0.0.1:80` and `[2001:db8::1]:80`. */
export function readEndpointText(text: string): EndpointAddress | undefined {
  const [, bracketed, bare, portText] = /^(?:\[(.+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const address = parseAddress(bracketed ?? bare ?? "");
  const port = Number(portText);
  return address === undefined || port > 65_535 ? undefined : { address, port };
}
