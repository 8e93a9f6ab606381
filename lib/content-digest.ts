/** The digests of RFC 9530 that we check; a sender may name others beside them, which we pass over. */
export type DigestAlgorithm = 'sha-256' | 'sha-512';

/**
 * Reads a Content-Digest field: `sha-256=:base64:, sha-512=:base64:`. Returns the digests by algorithm, or null where it is not
 * written so: a sender who wanted the check must not go without it.
 */
export function parseContentDigest(field: string): Map<DigestAlgorithm, Buffer> | null {
  const digests = new Map<DigestAlgorithm, Buffer>();
  for (const member of field.split(',')) {
    const parts = /^\s*([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*={0,2}):(?:;.*)?\s*$/.exec(member);
    if (parts === null) return null;
    const digest = Buffer.from(parts[2]!, 'base64');
    if (parts[1] === 'sha-256' || parts[1] === 'sha-512') {
      if (digest.length !== (parts[1] === 'sha-256' ? 32 : 64)) return null;
      digests.set(parts[1], digest);
    }
  }
  return digests;
}

export function formatDigest(algorithm: DigestAlgorithm, digest: Buffer): string {
  return `${algorithm}=:${digest.toString('base64')}:`;
}
