import type { Translate } from '#lib/messages/translate.ts';
import { readText, UnmetNeedError } from './problems.ts';

const leastBytes = 16;

/** What stands in a key file, without blanks around it: a passphrase or random characters. */
export async function readKeyFile(file: string, t: Translate): Promise<Buffer> {
  const secret = Buffer.from((await readText(file)).trim());
  if (secret.length < leastBytes) throw new UnmetNeedError([t('backup.key-short', { file })]);
  return secret;
}
