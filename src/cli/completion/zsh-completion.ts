import {
  allCommands,
  wayBelow,
  type CompletionCommand,
  type CompletionOption,
} from "./completion-tree.js";
import type { CompletionValues } from "./completion-values.js";

export function zshCompletion(program: CompletionCommand): string {
  const commands = allCommands(program);
  return `#compdef pcapcheck
# zsh completion for pcapcheck
#   pcapcheck completion zsh > "\${fpath[1]}/_pcapcheck"
_pcapcheck() {
  local cur="\${words[CURRENT]}" prev="\${words[CURRENT - 1]}" command="" paths="none" at
  local -a options candidates
  for ((at = 2; at < CURRENT; at++)); do
    case "$command \${words[at]}" in
${commands.flatMap(wayBelow).join("")}      *) break ;;
    esac
  done
  case "$command" in
${commands.map(zshCommand).join("")}  esac
  case "$command|$prev" in
${commands.flatMap(zshValues).join("")}    *) [[ "$cur" == -* ]] && candidates=("\${options[@]}") paths="none" ;;
  esac
  # FORMAT=FILE and POINT=FILE.
  if [[ "$cur" == *=* ]]; then
    compset -P "*="
    candidates=() paths="files"
  fi
  ((\${#candidates})) && _describe "pcapcheck" candidates
  case "$paths" in
    files) _files ;;
    directories) _files -/ ;;
  esac
}
if [[ "\${funcstack[1]}" == "_pcapcheck" ]]; then
  _pcapcheck "$@"
elif (($+functions[compdef])); then
  compdef _pcapcheck pcapcheck
fi
`;
}

function zshCommand({ path, options, commands, argument }: CompletionCommand): string {
  const flags = options.flatMap(describedFlags).join(" ");
  const below = commands.map(({ name, summary }) => described(name, summary));
  const words = [...below, ...(argument?.words ?? []).map((word) => quoted(word))].join(" ");
  const paths = argument?.paths ?? "none";
  return `    "${path}") options=(${flags}) candidates=(${words}) paths="${paths}" ;;\n`;
}

function describedFlags({ flags, summary }: CompletionOption): readonly string[] {
  return flags.map((flag) => described(flag, summary));
}

function zshValues({ path, options }: CompletionCommand): readonly string[] {
  return options.flatMap(({ flags, value }) => {
    if (value === undefined) return [];
    const cases = flags.map((flag) => `"${path}|${flag}"`).join(" | ");
    return [`    ${cases}) ${zshAssignment(value)} ;;\n`];
  });
}

function zshAssignment({ words, paths }: CompletionValues): string {
  return `candidates=(${words.map(quoted).join(" ")}) paths="${paths}"`;
}

/** `_describe` takes what stands behind the first colon as the description. */
function described(word: string, summary: string): string {
  return quoted(`${word}:${summary}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
