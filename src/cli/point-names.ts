import { captureName, withoutCompression } from "#observed/capture/capture-name.js";
import { STDIN, type InputSeries } from "./inputs.js";

/** Each series' name: what the user typed, else its first file's without ending, made distinct. */
export function pointNames(series: readonly InputSeries[]): string[] {
  const names = series.map(({ point, files: [file = ""] }) => point ?? shortName(file));
  return series.map(({ point, files: [file = ""] }, at) => {
    const name = names[at] ?? "";
    const isTaken = names.some((other, index) => other === name && index !== at);
    // Two `pod.pcap` from two folders: with their folders; `pod.pcap` and `pod.cap`: as they are.
    return point === undefined && isTaken ? withoutCompression(file) : name;
  });
}

function shortName(file: string): string {
  return file === STDIN.argument ? STDIN.name : captureName(file);
}
