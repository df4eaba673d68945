import type { DoctorFlags } from "../flags.js";
import type { DefineCommand } from "./define-command.js";
import { FILES_HELP } from "./help-texts.js";
import { addInputOptions, collect, withFiles, type Typed } from "./input-options.js";

export const defineDoctor: DefineCommand = (program, { io, end }) => {
  const command = program
    .command("doctor")
    .summary("say what captures can prove, and how to capture better")
    .description(
      `Say for each capture point what it can prove: dropped and cut packets, missing directions, filters. And what looks like a fault in it and is none.

Examples:
  pcapcheck doctor pod.pcap
  pcapcheck doctor node1/eth0=eth0.pcap pod:web=pod.pcap
  pcapcheck doctor captures/ -o json | jq '.points[] | select(.limited)'`,
    )
    .addHelpText("after", `${FILES_HELP}\n${DOCTOR_HELP}`);
  addInputOptions(command)
    .option("-o, --output <format[=file]>", "table or json; repeatable", collect)
    .action(async (files: string[], options: Typed<DoctorFlags>) => {
      const { doctor } = await import("../commands/doctor.js");
      end(await doctor(withFiles(options, files), io));
    });
};

const DOCTOR_HELP = `
Exit code:
  0  nothing limits what the captures prove; some things no file tells
  2  something could not be read
  3  a capture lacks packets that passed, or not all captures ran together`;
