/*
 * What the public can read of a competition, as text that can be compared: two crawls are equal where nothing that they show differs.
 */

/** Asks for a path as one of the callers and answers with the body. */
export type Read<Caller extends string> = (caller: Caller, path: string) => Promise<string>;

/** The texts of all pages, by `caller path`. */
export type Crawl = ReadonlyMap<string, string>;

const atOnce = 6;

export async function crawl<Caller extends string>(
  callers: readonly Caller[],
  paths: readonly string[],
  read: Read<Caller>,
): Promise<Crawl> {
  const waiting = callers.flatMap((caller) => paths.map((path) => [caller, path] as const));
  const texts = new Map<string, string>();
  const readNext = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      texts.set(next.join(' '), comparable(await read(...next)));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, readNext));
  return texts;
}

/** Where the crawls differ, in order; of each the first words that do. */
export function differences(before: Crawl, after: Crawl): Record<string, [string, string]> {
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return Object.fromEntries(
    keys.flatMap((key) => {
      const [old, young] = [before.get(key) ?? '', after.get(key) ?? ''];
      if (old === young) return [];
      let at = 0;
      while (old[at] === young[at]) at += 1;
      const around = (text: string) => text.slice(Math.max(0, at - 60), at + 60);
      return [[key, [around(old), around(young)] as [string, string]]];
    }),
  );
}

/**
 * The text without what is of this answer alone: the nonce of its policy, and the server's time where it is given as such. What pages
 * carry for React comes in rows whose order and numbers are chance: of those the words that occur.
 */
function comparable(text: string): string {
  const carried: string[] = [];
  const rest = text
    .replace(/<script[^>]*>self\.__next_f\.push\(([\s\S]*?)\)<\/script>/g, (_all, pushed: string) => {
      carried.push((JSON.parse(pushed) as [number, string?])[1] ?? '');
      return '';
    })
    .replace(/nonce="[^"]*"/g, '')
    .replace(/\$ACTION_(REF_)?\d+/g, '')
    .replace(/"(now|requestId)":"[^"]*"/g, '')
    .replace(/(name="at"[^>]*value=")[^"]*/g, '$1');
  const words = rowsOf(Buffer.from(carried.join(''))).flatMap(wordsOf);
  return `${rest}\n${[...new Set(words)].sort().join('\n')}`;
}

/** Rows are `number:…` up to the end of the line, but texts `number:Tlength,…`, the length in bytes and in hexadecimal. */
function rowsOf(bytes: Buffer): string[] {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const text = /^[0-9a-f]*:T([0-9a-f]+),/.exec(bytes.toString('latin1', at, at + 30));
    const newline = bytes.indexOf('\n', at);
    const start = text === null ? bytes.indexOf(':', at) + 1 : at + text[0].length;
    const end = text === null ? (newline === -1 ? bytes.length : newline + 1) : start + Number.parseInt(text[1]!, 16);
    rows.push(bytes.toString('utf8', start, end));
    at = end;
  }
  return rows;
}

function wordsOf(row: string): string[] {
  const shown = row.replace(/"(now|nonce|defaultValue)":"[^"]*"/g, '').replace(/"\$[A-Za-z@]?[0-9a-f]*"/g, '');
  return shown.match(/[\p{L}\p{N}.:_-]+/gu) ?? [];
}
