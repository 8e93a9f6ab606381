import { Command } from 'commander';
import type { Translate } from '#lib/messages/translate.ts';
import { knownAddress } from '../client/address.ts';
import { candidatesFor } from '../client/candidates.ts';
import { clientEnvironment } from '../client/environment.mjs';
import { readConfiguration } from '../client/kept.ts';
import { namesAt } from '../client/names.ts';
import { type Commands, createProgram, type Words } from '../run.ts';
import { commandIn } from './help.ts';

/** `rostrum completion bash|zsh`: a script for the shell, which asks this program what may come next. */
export function completionCommand(t: Translate, words: Words, commands: Commands): Command {
  const script = (shell: 'bash' | 'zsh') =>
    new Command(shell)
      .description(t(`client.completion-${shell}`))
      .action(() => void process.stdout.write(scripts[shell]));
  const candidates = new Command('words').argument('[words...]').action(async (typed: string[]) => {
    const program = await createProgram(commands, commandIn(typed.slice(0, -1)), t, words);
    process.stdout.write(`${candidatesFor(program, typed, knownNames(t)).join('\n')}\n`);
  });
  return new Command('completion')
    .addCommand(script('bash'))
    .addCommand(script('zsh'))
    .addCommand(candidates, { hidden: true });
}

/** Of the server that is meant where none is named; nobody is asked. */
function knownNames(t: Translate): readonly string[] {
  const environment = clientEnvironment();
  const { server, servers } = readConfiguration(environment);
  const typed = environment.server ?? server;
  return typed === undefined ? [] : namesAt(environment, knownAddress(typed, servers, t));
}

/** Where nothing is offered, both shells offer files. */
const scripts = {
  bash: `_rostrum() {
  local IFS=$'\\n'
  COMPREPLY=($(rostrum completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o bashdefault -o default -F _rostrum rostrum
`,
  zsh: `#compdef rostrum
_rostrum() {
  local -a offered
  offered=(\${(f)"$(rostrum completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( \${#offered} )); then compadd -a offered; else _files; fi
}
if [[ "\${funcstack[1]}" = _rostrum ]]; then _rostrum "$@"; else compdef _rostrum rostrum; fi
`,
};
