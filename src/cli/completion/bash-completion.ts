import { allCommands, wayBelow, type CompletionCommand } from "./completion-tree.js";
import type { CompletionValues } from "./completion-values.js";

/** For bash 3.2 and later, without the package bash-completion. */
export function bashCompletion(program: CompletionCommand): string {
  const commands = allCommands(program);
  return `# bash completion for pcapcheck
#   pcapcheck completion bash > ~/.local/share/bash-completion/completions/pcapcheck
_pcapcheck() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD - 1]}"
  local command="" options="" words="" paths="none" at
  COMPREPLY=()
  # bash splits words at "=": --option=value goes on as --option value, and anything else with a file.
  if [[ "$cur" == "=" ]]; then
    cur=""
    [[ "$prev" == --* ]] || prev="="
  elif [[ "$prev" == "=" && $COMP_CWORD -ge 2 ]]; then
    prev="\${COMP_WORDS[COMP_CWORD - 2]}"
    [[ "$prev" == --* ]] || prev="="
  fi
  for ((at = 1; at < COMP_CWORD; at++)); do
    case "$command \${COMP_WORDS[at]}" in
${commands.flatMap(wayBelow).join("")}      *) break ;;
    esac
  done
  case "$command" in
${commands.map(bashCommand).join("")}  esac
  case "$command|$prev" in
    *"|=") words="" paths="files" ;;
${commands.flatMap(bashValues).join("")}    *) [[ "$cur" == -* ]] && words="$options" paths="none" ;;
  esac
  [[ -n "$words" ]] && COMPREPLY=($(compgen -W "$words" -- "$cur"))
  case "$paths" in
    directories)
      local IFS=$'\\n'
      compopt -o filenames 2>/dev/null
      COMPREPLY=($(compgen -d -- "$cur"))
      ;;
    none) compopt +o default +o bashdefault 2>/dev/null ;;
  esac
}
complete -o bashdefault -o default -F _pcapcheck pcapcheck
`;
}

function bashCommand({ path, options, commands, argument }: CompletionCommand): string {
  const flags = options.flatMap((option) => option.flags).join(" ");
  const words = [...commands.map(({ name }) => name), ...(argument?.words ?? [])].join(" ");
  return `    "${path}") options="${flags}" words="${words}" paths="${argument?.paths ?? "none"}" ;;\n`;
}

function bashValues({ path, options }: CompletionCommand): readonly string[] {
  return options.flatMap(({ flags, value }) => {
    if (value === undefined) return [];
    const cases = flags.map((flag) => `"${path}|${flag}"`).join(" | ");
    return [`    ${cases}) ${bashAssignment(value)} ;;\n`];
  });
}

function bashAssignment({ words, paths }: CompletionValues): string {
  return `words="${words.join(" ")}" paths="${paths}"`;
}
