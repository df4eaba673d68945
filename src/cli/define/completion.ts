import type { DefineCommand } from "./define-command.js";

export const defineCompletion: DefineCommand = (program, { io, end }) => {
  program
    .command("completion")
    .summary("print the completion script of a shell")
    .description(
      `Print the script that makes a shell complete commands, options, scenarios and formats.

Examples:
  source <(pcapcheck completion bash)
  pcapcheck completion bash \\
      > ~/.local/share/bash-completion/completions/pcapcheck
  pcapcheck completion zsh > "\${fpath[1]}/_pcapcheck"
  pcapcheck completion fish > ~/.config/fish/completions/pcapcheck.fish`,
    )
    .argument("<shell>", "bash, zsh or fish")
    .action(async (shell: string) => {
      const { completion } = await import("../commands/completion.js");
      end(await completion({ shell, program }, io));
    });
};
