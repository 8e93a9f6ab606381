import { hash, verify } from '@node-rs/argon2';
import { RefusedError } from '#lib/errors.ts';
import common from '#lib/identity/common-passwords.json' with { type: 'json' };
import { isLeaked, type LeakSource } from '#lib/identity/leaked-passwords.ts';

/** Argon2id at OWASP's first choice: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Of a password that nobody has, at the same cost. */
const nobodysHash = '$argon2id$v=19$m=19456,t=2,p=1$n0F7tZAJYHxSjdovbMmI5A$QP4WhPrCkl/hkk/R3q6K+2IOVp+GMqcdHHHg8R5hPgI';

export const shortestPassword = 10;
export const longestPassword = 200;

export type PasswordProblem = 'too-short' | 'too-long' | 'common' | 'like-address';
/** What somebody chooses, and where it is looked up among leaks; null: nowhere. */
export type ChosenPassword = { password: string; leaks: LeakSource | null };

/** As long as ours have to be, and folded as `fold` does: the most frequent of leaked passwords, and what is typed at a Russian keyboard. */
const commonPasswords = new Set([
  ...common.passwords.split(' '),
  ...'rostrum123 йцукенгшщз йцукенгшщзх йцукен12345 пароль1234 пароль12345 парольпароль'.split(' '),
]);

/** Why people should not choose this password, or null. Length is in code points, of the form that is hashed. */
export function passwordProblem(password: string, email: string): PasswordProblem | null {
  const length = [...password.normalize('NFC')].length;
  if (length < shortestPassword) return 'too-short';
  if (length > longestPassword) return 'too-long';
  const folded = fold(password);
  const address = fold(email);
  if (folded === address || folded === address.split('@')[0]) return 'like-address';
  const isCommon = commonPasswords.has(folded) || commonPasswords.has(byLatinKeys(folded));
  return isCommon || isRunOfCharacters(folded) ? 'common' : null;
}

/** The hash of a password that somebody chooses; refuses what they should not choose (`password-too-short` …, `password-leaked`). */
export async function hashNewPassword({ password, leaks }: ChosenPassword, email: string): Promise<string> {
  const problem = passwordProblem(password, email);
  const length = problem === 'too-long' ? longestPassword : shortestPassword;
  if (problem !== null) throw new RefusedError(`password-${problem}`, 422, { length });
  if (await isLeaked(password, leaks)) throw new RefusedError('password-leaked', 422);
  return hashPassword(password);
}

export async function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFC'), cost);
}

/** One verification whether there is a hash or not, so that the time of the answer tells nothing about accounts. */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  if ([...password].length > longestPassword) return false;
  const matches = await verify(passwordHash ?? nobodysHash, password.normalize('NFC'));
  return matches && passwordHash !== null;
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** What the same keys type where the layout is English: «пароль» is gfhjkm there, and lists of leaks have it so. */
function byLatinKeys(text: string): string {
  return [...text].map((character) => latinKeys.get(character) ?? character).join('');
}

const russianKeys = 'йцукенгшщзхъфывапролджэячсмитьбю.ё';
const englishKeys = "qwertyuiop[]asdfghjkl;'zxcvbnm,./`";
const latinKeys = new Map([...russianKeys].map((key, i) => [key, englishKeys[i]!]));

/** `aaaaaaaaaa`, `abababab…`, `1234567890`, `abcdefghij`, `0987654321`. */
function isRunOfCharacters(text: string): boolean {
  if (new Set(text).size <= 3) return true;
  const codes = [...text].map((character) => character.codePointAt(0)!);
  const steps = new Set(codes.slice(1).map((code, index) => code - codes[index]!));
  return [...steps].every((step) => Math.abs(step) === 1 || Math.abs(step) === 9);
}
