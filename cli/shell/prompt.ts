/** How an interactive shell is started: its command line and what its prompt needs. */
export interface ShellStart {
  argv: string[];
  env: Record<string, string>;
}

/** The user's shell with our prompt: folder, `⚡`, where we are, `➤`. */
export function interactiveShell(context: string): ShellStart {
  const program = Deno.env.get("SHELL") || "bash";
  const name = program.split("/").at(-1)!;
  const kind = Object.keys(starts).find((key) => name.endsWith(key));
  const start = kind === undefined ? { args: [], env: {} } : starts[kind]!(context);
  return { argv: [program, ...start.args], env: start.env };
}

type Start = (context: string) => { args: string[]; env: Record<string, string> };

const starts: Record<string, Start> = {
  bash: (context) => ({
    args: ["--norc", "--noprofile"],
    env: {
      PS1: String.raw`\[\e[90m\]\W \[\e[93m\]⚡\[\e[97m\]${context} \[\e[93m\]➤\[\e[0m\] `,
      BASH_SILENCE_DEPRECATION_WARNING: "1",
    },
  }),
  zsh: (context) => ({
    args: ["--no-rcs", "-o", "inc_append_history", "-o", "share_history"],
    env: {
      PS1: `%F{8}%1~ %F{yellow}⚡%F{white}${context} %F{yellow}➤%f `,
      HISTFILE: Deno.env.get("HISTFILE") ?? `${Deno.env.get("HOME") ?? ""}/.zsh_history`,
    },
  }),
  fish: (context) => ({
    args: [
      "--init-command",
      "function fish_prompt; set_color grey; echo -n (basename (pwd)); set_color yellow; " +
      `echo -n ' ⚡'; set_color white; echo -n '${context} '; set_color yellow; ` +
      "echo -n '➤ '; set_color normal; end",
    ],
    env: {},
  }),
};
