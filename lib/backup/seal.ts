import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';

/*
 * What holds labels is sealed: AES-256-GCM with a key that scrypt makes of what the operator keeps elsewhere. The backup holds the salt
 * and never the key.
 */

/** What a key is made with; `salt` in hexadecimal. */
export type KeyRecipe = { salt: string; n: number; r: number; p: number };

const derive = promisify<Buffer, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt);
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
/** OWASP Password Storage Cheat Sheet (2025): 128 MiB and about half a second for each guess. */
const cost = { n: 2 ** 17, r: 8, p: 1 };
/** More than this nobody needs, and a forged recipe must not take all memory. */
const mostMemoryBytes = 2 ** 28;

export function newRecipe(): KeyRecipe {
  return { salt: randomBytes(16).toString('hex'), ...cost };
}

export async function deriveKey(secret: Buffer, { salt, n, r, p }: KeyRecipe): Promise<Buffer> {
  return derive(secret, Buffer.from(salt, 'hex'), keyBytes, { N: n, r, p, maxmem: mostMemoryBytes });
}

/** Nonce, ciphertext and tag of one part. It opens under its own name alone, so parts cannot be exchanged. */
export function seal(key: Buffer, name: string, bytes: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name));
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

/** Null where the key is another, or the part is not what was sealed under this name. */
export function unseal(key: Buffer, name: string, sealed: Buffer): Buffer | null {
  if (sealed.length < nonceBytes + tagBytes) return null;
  const end = sealed.length - tagBytes;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes));
  decipher.setAAD(Buffer.from(name)).setAuthTag(sealed.subarray(end));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, end)), decipher.final()]);
  } catch {
    return null;
  }
}
