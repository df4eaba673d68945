import { createHash } from "node:crypto";

/**
 * Content Security Policy Level 3: nothing is loaded, sent or embedded, and of what stands in the page
 * only this very style sheet and this very script are obeyed (§6.7.2.4, hashes of inline content).
 */
export function securityPolicy({
  style,
  script,
}: {
  readonly style: string;
  readonly script: string;
}): string {
  return [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${hashOf(script)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
