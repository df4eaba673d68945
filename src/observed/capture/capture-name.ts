/** What a capture file's name says of the point where it was taken. */

const COMPRESSION = /\.(?:gz|gzip|zst|zstd)$/i;
/** With the digits that `tcpdump -C` puts behind the extension. */
const EXTENSION = /\.(?:pcapng|pcap|cap|dmp|dump)\d*$/i;

/** The name without the extension of its compression. */
export function withoutCompression(name: string): string {
  return name.replace(COMPRESSION, "");
}

/** `captures/node1.eth0.pcap3.gz` is of `node1.eth0`. */
export function captureName(path: string): string {
  const file = path.slice(path.lastIndexOf("/") + 1);
  return withoutCompression(file).replace(EXTENSION, "") || file;
}
