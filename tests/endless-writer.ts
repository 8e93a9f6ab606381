import { setTimeout as sleep } from 'node:timers/promises';
import { type ObjectPlace, objectStore } from '#lib/objects.ts';

/*
 * A process of its own that writes an archive to the place it is given, says so once the first bytes are there, and never comes to the end.
 */

const place: ObjectPlace = JSON.parse(process.argv[2]!);

async function* pieces(): AsyncGenerator<Buffer> {
  yield Buffer.from('the beginning');
  // Asked for the next, it has been written.
  process.stdout.write('begun\n');
  for (;;) await sleep(1_000_000);
}

await objectStore(place).keepPieces('archives', pieces());
