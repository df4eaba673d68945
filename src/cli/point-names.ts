import { captureName } from "#observed/capture/capture-name.js";
import { STDIN, type InputSeries } from "./inputs.js";

/** Each series' name: what the user typed, else its first file's without ending, made distinct. */
export function pointNames(series: readonly InputSeries[]): string[] {
  const names = series.map(({ point, files: [file] }) => point ?? nameOf(file?.shown ?? "", 0));
  return series.map(({ point, files: [first] }, at) => {
    const file = first?.shown ?? "";
    const name = names[at] ?? "";
    const rivals = series.filter((_, index) => index !== at && names[index] === name);
    return point === undefined && rivals.length > 0 ? distinctName(file, rivals) : name;
  });
}

/** `node1/eth0.pcap` and `node2/eth0.pcap` are `node1/eth0` and `node2/eth0`: as few folders as do. */
function distinctName(file: string, rivals: readonly InputSeries[]): string {
  const depth = file.split("/").length;
  for (let folders = 1; folders < depth; folders++) {
    const name = nameOf(file, folders);
    if (rivals.every(({ files: [other] }) => nameOf(other?.shown ?? "", folders) !== name))
      return name;
  }
  return file;
}

function nameOf(file: string, folders: number): string {
  if (file === STDIN.argument) return STDIN.name;
  const parts = file.split("/");
  return [...parts.slice(0, -1).slice(-folders || parts.length), captureName(file)].join("/");
}
