/** `--scenario auto`: every connection under the scenario that its client and destination make it. */
export const AUTO = {
  name: "auto",
  title: "every connection under the scenario it belongs to",
  question: "did the network do to each connection what it should?",
  target: "auto",
  explanation:
    "What a connection dials, and from where, says which rules it meets and so which scenario it " +
    "belongs to. The topology tells whose the addresses are.",
} as const;

export type AutoScenario = typeof AUTO;
