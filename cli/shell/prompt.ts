import { shellWords } from "@jumpstarter/lib/program";
import { scripts } from "../complete/scripts.ts";

/** How an interactive shell is started: its command line and what its prompt needs. */
export interface ShellStart {
  argv: string[];
  env: Record<string, string>;
}

/**
 * The user's shell with our prompt (folder, `⚡`, where we are, `➤`), and completion of our command
 * lines, whose script is put into `dir`.
 */
export async function interactiveShell(context: string, dir: string): Promise<ShellStart> {
  const program = Deno.env.get("SHELL") || "bash";
  const name = program.split("/").at(-1)!;
  const kind = Object.keys(starts).find((key) => name.endsWith(key));
  if (kind === undefined) return { argv: [program], env: {} };
  const { args, env, file, script } = starts[kind as keyof typeof starts](context, dir);
  await Deno.writeTextFile(file, script, { mode: 0o600 });
  return { argv: [program, ...args], env };
}

/** How one kind of shell is started, and the script that it reads then. */
interface Start {
  args: string[];
  env: Record<string, string>;
  file: string;
  script: string;
}

const starts: Record<keyof typeof scripts, (context: string, dir: string) => Start> = {
  bash: (context, dir) => ({
    args: ["--norc", "--noprofile"],
    file: `${dir}/completion.bash`,
    script: scripts.bash,
    env: {
      // Read before the first prompt: an --rcfile would come with the system's, and its prompt.
      PROMPT_COMMAND: `unset PROMPT_COMMAND; . ${shellWords(`${dir}/completion.bash`)}`,
      PS1: String.raw`\[\e[90m\]\W \[\e[93m\]⚡\[\e[97m\]${context} \[\e[93m\]➤\[\e[0m\] `,
      BASH_SILENCE_DEPRECATION_WARNING: "1",
    },
  }),
  zsh: (context, dir) => ({
    args: ["--no-global-rcs", "-o", "inc_append_history", "-o", "share_history"],
    file: `${dir}/.zshrc`,
    script: zshStart,
    env: {
      ZDOTDIR: dir,
      PS1: `%F{8}%1~ %F{yellow}⚡%F{white}${context} %F{yellow}➤%f `,
      HISTFILE: Deno.env.get("HISTFILE") ?? `${Deno.env.get("HOME") ?? ""}/.zsh_history`,
    },
  }),
  fish: (context, dir) => ({
    file: `${dir}/completion.fish`,
    script: scripts.fish,
    args: [
      "--init-command",
      "function fish_prompt; set_color grey; echo -n (basename (pwd)); set_color yellow; " +
      `echo -n ' ⚡'; set_color white; echo -n '${context} '; set_color yellow; ` +
      `echo -n '➤ '; set_color normal; end; source ${shellWords(`${dir}/completion.fish`)}`,
    ],
    env: {},
  }),
};

/** Zsh takes half a second to load what completes, which can wait for the first Tab. */
const zshStart = `unset ZDOTDIR
_jmp_first_tab() {
  bindkey '^I' expand-or-complete
${scripts.zsh}
  zle expand-or-complete
}
zle -N _jmp_first_tab
bindkey '^I' _jmp_first_tab
`;
