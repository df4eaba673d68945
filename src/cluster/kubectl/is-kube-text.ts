/** What a text is, by its head; without the reader of YAML, which takes as long to load as all the rest. */
/**
 * True of text that is the API server's and not a topology file's. The head alone is looked at: a
 * cluster's objects are a hundred megabytes.
 */
export function isKubeText(text: string): boolean {
  const head = text.slice(0, HEAD_CHARACTERS);
  return isJsonText(text)
    ? /"(apiVersion|kind|items)"/.test(head) && !/"schema"/.test(head)
    : /^(- )?(apiVersion|kind|items):/m.test(head) && !/^schema:/m.test(head);
}

/** Of a text, that tell what it is. */
export const HEAD_CHARACTERS = 2000;

export function isJsonText(text: string): boolean {
  return /^\s*\{/.test(text.slice(0, HEAD_CHARACTERS));
}
