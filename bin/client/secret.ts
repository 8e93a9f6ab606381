/** What a person types or pastes, unseen; without a terminal, the first line of the standard input. */
export async function typedSecret(prompt: string): Promise<string> {
  return process.stdin.isTTY ? typedUnseen(prompt) : firstLine();
}

async function firstLine(): Promise<string> {
  let text = '';
  for await (const piece of process.stdin.setEncoding('utf8')) {
    text += piece;
    if (text.includes('\n')) break;
  }
  return text.split('\n')[0]!;
}

function typedUnseen(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  // The echo is off before anybody can know that something is to be typed.
  stdin.setRawMode(true).setEncoding('utf8').resume();
  stderr.write(prompt);
  return new Promise((resolve) => {
    let typed = '';
    const end = () => {
      stdin.off('data', take).setRawMode(false).pause();
      stderr.write('\n');
    };
    const take = (keys: string) => {
      // A paste comes in one piece, its line end with it; terminals may mark where it begins and ends.
      for (const key of keys.replaceAll('\x1b[200~', '').replaceAll('\x1b[201~', '')) {
        if (key === '\r' || key === '\n' || key === '\x04') {
          end();
          return resolve(typed);
        }
        if (key === '\x03') {
          end();
          process.kill(process.pid, 'SIGINT');
          return;
        }
        typed = key === '\x7f' || key === '\b' ? typed.slice(0, -1) : typed + key;
      }
    };
    stdin.on('data', take);
  });
}
