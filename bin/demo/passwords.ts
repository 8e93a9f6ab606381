import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Passwords = z.record(z.string(), z.string());

/** Digits and lower-case letters that nobody takes for one another: they are copied from a terminal by hand. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';

/** The demo's passwords by address: random, made once per installation, in a file that only its owner reads. */
export function demoPasswords(
  home: string,
  emails: readonly string[],
): { passwords: Map<string, string>; areNew: boolean } {
  const path = join(home, 'demo-passwords.json');
  const kept = existsSync(path) ? Passwords.parse(JSON.parse(readFileSync(path, 'utf8'))) : {};
  const passwords = new Map(emails.map((email) => [email, kept[email] ?? randomPassword()]));
  const areNew = emails.some((email) => kept[email] === undefined);
  if (areNew) {
    const unfinished = `${path}.part`;
    writeFileSync(unfinished, `${JSON.stringify(Object.fromEntries(passwords), null, 2)}\n`, { mode: 0o600 });
    renameSync(unfinished, path);
  }
  return { passwords, areNew };
}

/** Three groups of four: 59 bits. */
function randomPassword(): string {
  const characters = [...randomBytes(12)].map((byte) => alphabet[byte % alphabet.length]!).join('');
  return characters.replace(/.{4}(?=.)/g, '$&-');
}
