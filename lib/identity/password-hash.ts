import { hash, verify } from '@node-rs/argon2';
import { RefusedError } from '#lib/errors.ts';

/** Argon2id at OWASP's first choice: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Of a password that nobody has, at the same cost. */
const nobodysHash = '$argon2id$v=19$m=19456,t=2,p=1$n0F7tZAJYHxSjdovbMmI5A$QP4WhPrCkl/hkk/R3q6K+2IOVp+GMqcdHHHg8R5hPgI';

export const shortestPassword = 10;
export const longestPassword = 200;

export type PasswordProblem = 'too-short' | 'too-long' | 'common' | 'like-address';

/** What of the usual lists of leaked passwords is long enough for us, folded as `fold` does. */
const commonPasswords = new Set(
  (
    'password12 password123 password1234 qwerty1234 qwerty12345 qwerty123456 qwertyuiop qwertyuiop123 1q2w3e4r5t 1q2w3e4r5t6y ' +
    '1qaz2wsx3edc 123qweasdzxc qazwsxedcrfv 1234567890q 1234qwerasdf zxcvbnm123 asdfghjkl1 asdfghjkl123 iloveyou123 ' +
    'letmein123 welcome123 changeme123 administrator superuser1 rostrum123 йцукенгшщз йцукенгшщзх йцукен12345 ' +
    'пароль1234 пароль12345 парольпароль passwordpassword qwertyqwerty'
  ).split(' '),
);

/** Why people should not choose this password, or null. Length is in code points, of the form that is hashed. */
export function passwordProblem(password: string, email: string): PasswordProblem | null {
  const length = [...password.normalize('NFC')].length;
  if (length < shortestPassword) return 'too-short';
  if (length > longestPassword) return 'too-long';
  const folded = fold(password);
  const address = fold(email);
  if (folded === address || folded === address.split('@')[0]) return 'like-address';
  return commonPasswords.has(folded) || isRunOfCharacters(folded) ? 'common' : null;
}

/** The hash of a password that somebody chooses; refuses what they should not choose (`password-too-short` …). */
export async function hashNewPassword(password: string, email: string): Promise<string> {
  const problem = passwordProblem(password, email);
  const length = problem === 'too-long' ? longestPassword : shortestPassword;
  if (problem !== null) throw new RefusedError(`password-${problem}`, 422, { length });
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

/** `aaaaaaaaaa`, `abababab…`, `1234567890`, `abcdefghij`, `0987654321`. */
function isRunOfCharacters(text: string): boolean {
  if (new Set(text).size <= 3) return true;
  const codes = [...text].map((character) => character.codePointAt(0)!);
  const steps = new Set(codes.slice(1).map((code, index) => code - codes[index]!));
  return [...steps].every((step) => Math.abs(step) === 1 || Math.abs(step) === 9);
}
