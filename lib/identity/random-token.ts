import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits for a link or a program, in base64url behind `prefix`. Shown once: only `hashOfToken` of it is stored. */
export function createToken(prefix = ''): string {
  return prefix + randomBytes(32).toString('base64url');
}

/** SHA-256 without salt or work: 256 random bits cannot be guessed, only found again. */
export function hashOfToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
