/** What every file of a plan is for, and what is lost without it. */
import type { Plan, PlannedCapture } from "#verify/plan/plan.js";
import { comment, heading, type PlanWords } from "./plan-words.js";

export function* planCosts({ machines, checks, untold }: Plan, words: PlanWords): Iterable<string> {
  yield* heading("What a missing file costs");
  yield* comment(
    checks.length > 0
      ? `All files together tell: ${checks.join(", ")}.`
      : "Nobody is to answer here: only where every file is there, and shows other connections to the same, does it prove anything that this one is not seen further on.",
  );
  if (untold.length > 0) {
    yield* comment(
      "What a process of a node itself dials is translated before any capture shows it. Which of these it was is told by NODE.conntrack.txt, else by what all the other files do not show:",
    );
    for (const name of new Set(untold.map((way) => way.name))) yield* comment(words.say(name), 2);
  }
  for (const capture of machines.flatMap(({ captures }) => captures)) yield* costOf(capture, words);
  yield* comment("NODE.iptables-save.txt");
  yield* comment("without it no failure is traced to a rule", 2);
  yield* comment("before/NODE.iptables-save.txt");
  yield* comment("without it nobody can say what the rules counted meanwhile", 2);
}

function* costOf(capture: PlannedCapture, words: PlanWords): Iterable<string> {
  const { name, shows, lost, between } = capture;
  yield* comment(words.say(`${name}.pcap`));
  const [first = "", ...more] = shows;
  const others = more.length > 0 ? ` and ${more.length} more` : "";
  yield* comment(`shows ${words.say(first)}${others}`, 2);
  if (lost.length > 0) yield* comment(`without it, undecided: ${lost.join(", ")}`, 2);
  const { before, behind } = between;
  if (before !== undefined && behind !== undefined) {
    yield* comment(
      `without it a loss is told no nearer than between ${words.say(before)} and ${words.say(behind)}`,
      2,
    );
  } else if (before !== undefined) {
    yield* comment(
      `without it nothing shows what becomes of a packet behind ${words.say(before)}`,
      2,
    );
  }
}
