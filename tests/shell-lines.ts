/** The commands of a piece of shell, each as its words; `assigned` are variables that stand before one, or are exported. */
export type ShellCommand = { words: string[]; assigned: string[] };

const assignment = /^([A-Za-z_][A-Za-z0-9_]*)=/;

/**
 * As much of the shell as documentation uses: quotes, comments, lines that go on after a backslash, pipes and lists, redirections,
 * texts after `<<'EOF'`. What stands in `$(…)` is taken as a part of its word.
 */
export function shellCommands(source: string): ShellCommand[] {
  return withoutHereTexts(source.replace(/\\\n\s*/g, ' '))
    .split('\n')
    .flatMap((line) => splitAtOperators(wordsOf(line)))
    .map(({ words, assigned }) =>
      words[0] === 'export' || words[0] === 'read'
        ? { words, assigned: words.slice(1).map((word) => assignment.exec(word)?.[1] ?? word) }
        : { words, assigned },
    )
    .filter(({ words, assigned }) => words.length + assigned.length > 0);
}

function withoutHereTexts(source: string): string {
  return source.replace(/<<-?\s*'?(\w+)'?([^\n]*)\n[\s\S]*?\n\s*\1(?=\n|$)/g, '$2');
}

/** Words and operators of a line, up to a comment. */
function wordsOf(line: string): string[] {
  const found: string[] = [];
  const piece = /\s+|#.*$|\|\||&&|[|;&]|\d?>>?(?:&\d)?|<|(?:"(?:\\.|[^"\\])*"|'[^']*'|\$\([^)]*\)|\\.|[^\s"'|;&<>])+/y;
  let match = piece.exec(line);
  for (; match !== null && piece.lastIndex > 0; match = piece.exec(line)) {
    const [text] = match;
    if (text.startsWith('#')) break;
    if (text.trim() !== '') found.push(text);
  }
  return found;
}

function splitAtOperators(pieces: readonly string[]): ShellCommand[] {
  const commands: ShellCommand[] = [{ words: [], assigned: [] }];
  for (const [i, piece] of pieces.entries()) {
    const current = commands[commands.length - 1]!;
    if (/^(\|\|?|&&?|;)$/.test(piece)) commands.push({ words: [], assigned: [] });
    else if (/^(\d?>|<)/.test(piece) || /^(\d?>>?|<)$/.test(pieces[i - 1] ?? '')) continue;
    else if (current.words.length === 0 && assignment.test(piece)) current.assigned.push(assignment.exec(piece)![1]!);
    else current.words.push(unquoted(piece));
  }
  return commands;
}

function unquoted(word: string): string {
  return word.replace(
    /"((?:\\.|[^"\\])*)"|'([^']*)'/g,
    (_, double?: string, single?: string) => double ?? single ?? '',
  );
}
