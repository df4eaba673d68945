/** What Zeek's TCP analyzer knows of one side (analyzer/protocol/tcp/TCP_Endpoint.h). */
export const ENDPOINT = {
  /** Nothing seen of this side. */
  inactive: 0,
  /** SYN seen, no answer. */
  synSent: 1,
  /** SYN-ACK seen of the originator, no SYN before it. */
  synAckSent: 2,
  /** Packets seen, no SYN. */
  partial: 3,
  /** SYN answered; of the responder, SYN-ACK seen. */
  established: 4,
  /** FIN seen. */
  closed: 5,
  /** RST seen. */
  reset: 6,
} as const;

export type EndpointState = (typeof ENDPOINT)[keyof typeof ENDPOINT];
