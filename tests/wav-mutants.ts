import { aWav, samples16 } from './wav-files.ts';

/*
 * What goes wrong with WAV files: edits that know what a RIFF header, a chunk and a format are. Every file follows from its number, so
 * that one that breaks something can be made again.
 */

type Chunk = { id: string; content: Buffer; declared: number; isPadded: boolean };
type Parts = { signature: string; form: string; declared: number | null; chunks: Chunk[]; cut: number; tail: number };
type Random = { pick: (below: number) => number; of: <Item>(items: readonly Item[]) => Item };

const tone = samples16(Array.from({ length: 1200 }, (_, i) => Math.round(9000 * Math.sin(i / 3))));
/** Sound files of every encoding, and of chunks that writers put around the sound. */
const sound: readonly Uint8Array[] = [
  aWav({ data: tone }),
  aWav({ bits: 8, data: tone.subarray(0, 900) }),
  aWav({ bits: 24, channels: 2, data: tone.subarray(0, 1200) }),
  aWav({ bits: 32, sampleRateHz: 44_100, data: tone.subarray(0, 2000) }),
  aWav({ format: 3, bits: 32, data: tone.subarray(0, 1600) }),
  aWav({ format: 3, bits: 64, channels: 2, data: tone.subarray(0, 1600) }),
  aWav({ format: 6, bits: 8, before: [['LIST', new Uint8Array(13)]], data: tone.subarray(0, 801) }),
  aWav({ format: 7, bits: 8, before: [['fact', new Uint8Array(4)]], data: tone.subarray(0, 800) }),
  aWav({ before: [['cue ', new Uint8Array(28)]], data: tone, after: [['id3 ', new Uint8Array(7)]] }),
];

const sizes = [0, 1, 2, 3, 4, 15, 16, 17, 18, 24, 40, 44, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
const shorts = [0, 1, 2, 3, 6, 7, 8, 9, 12, 16, 17, 24, 32, 33, 64, 85, 255, 0x7fff, 0x8000, 0xfffe, 0xffff];
const rates = [0, 1, 3_999, 4_000, 8_000, 8_001, 11_025, 44_100, 192_000, 192_001, 0x7fffffff, 0xffffffff];
const ids = ['fmt ', 'data', 'cue ', 'LIST', 'smpl', 'bext', 'fact', 'ds64', 'JUNK', 'PEAK', '\0\0\0\0', 'дат', 'DATA'];

/** A `cue ` chunk that claims as many points as there can be. */
export const cueBomb = aWav({ before: [['cue ', Buffer.from('ffffffff'.repeat(7), 'hex')]], data: tone });

const edits: ((parts: Parts, random: Random) => void)[] = [
  ({ chunks }, { of, pick }) => editFormat(of(chunks.filter(({ id }) => id === 'fmt ')), of, pick),
  ({ chunks }, { of, pick }) => editFormat(of(chunks.filter(({ id }) => id === 'fmt ')), of, pick),
  ({ chunks }, { of, pick }) => {
    const chunk = of(chunks);
    chunk.declared = pick(3) === 0 ? chunk.content.length + pick(5) - 2 : of(sizes);
  },
  (parts, { of, pick }) => {
    parts.declared = pick(2) === 0 ? of(sizes) : null;
  },
  (parts, { of }) => {
    parts.signature = of(['RIFF', 'RIFX', 'RF64', 'BW64', 'riff', 'FORM']);
  },
  (parts, { of }) => {
    parts.form = of(['WAVE', 'AVI ', 'wave', '\0\0\0\0']);
  },
  ({ chunks }, { of, pick }) => {
    const content = Buffer.alloc(pick(40), of([0, 1, 0x7f, 0xff]));
    const isHonest = pick(2) === 0;
    chunks.splice(pick(chunks.length + 1), 0, chunkOf(of(ids), content, isHonest ? content.length : of(sizes)));
  },
  ({ chunks }, { pick }) => chunks.splice(pick(chunks.length), 1),
  ({ chunks }, { of, pick }) => chunks.splice(pick(chunks.length + 1), 0, { ...of(chunks) }),
  ({ chunks }) => chunks.reverse(),
  ({ chunks }, { of }) => {
    const chunk = of(chunks);
    chunk.isPadded = !chunk.isPadded;
  },
  ({ chunks }, { of, pick }) => {
    const chunk = of(chunks);
    chunk.content = chunk.content.subarray(0, pick(chunk.content.length + 1));
    chunk.declared = chunk.content.length;
  },
  ({ chunks }, { of, pick }) => {
    const count = of([1, 62, 63, 64, 65, 300]);
    for (let i = 0; i < count; i += 1) chunks.splice(pick(chunks.length), 0, chunkOf('JUNK', Buffer.alloc(pick(3))));
  },
  ({ chunks }, { of }) => {
    const chunk = of(chunks);
    chunk.content = Buffer.alloc(chunk.content.length, of([0, 0x7f, 0x80, 0xff]));
  },
  (parts, { pick }) => {
    parts.cut = pick(400);
  },
  (parts, { pick }) => {
    parts.tail = pick(20);
  },
];

/** The file of this number; its edits are one to four. */
export function wavMutant(number: number): Buffer {
  const random = randomOf(number);
  const parts = partsOf(Buffer.from(sound[number % sound.length]!));
  for (let left = 1 + random.pick(4); left > 0 && parts.chunks.length > 0; left -= 1) {
    const hasFormat = parts.chunks.some(({ id }) => id === 'fmt ');
    random.of(hasFormat ? edits : edits.slice(2))(parts, random);
  }
  return fileOf(parts);
}

function editFormat(fmt: Chunk, of: Random['of'], pick: Random['pick']): void {
  if (fmt.content.length < 16) return;
  const content = Buffer.from(fmt.content);
  const field = pick(6);
  if (field === 0) content.writeUInt16LE(of(shorts), 0);
  if (field === 1) content.writeUInt16LE(of(shorts), 2);
  if (field === 2) content.writeUInt32LE(of(rates), 4);
  if (field === 3) content.writeUInt32LE(of(sizes), 8);
  if (field === 4) content.writeUInt16LE(of(shorts), 12);
  if (field === 5) content.writeUInt16LE(of(shorts), 14);
  fmt.content = content;
}

function chunkOf(id: string, content: Buffer, declared = content.length): Chunk {
  return { id, content, declared, isPadded: content.length % 2 === 1 };
}

function partsOf(file: Buffer): Parts {
  const chunks: Chunk[] = [];
  for (let at = 12; at + 8 <= file.length; ) {
    const bytes = file.readUInt32LE(at + 4);
    chunks.push(chunkOf(file.toString('latin1', at, at + 4), file.subarray(at + 8, at + 8 + bytes)));
    at += 8 + bytes + (bytes % 2);
  }
  return { signature: 'RIFF', form: 'WAVE', declared: null, chunks, cut: 0, tail: 0 };
}

function fileOf({ signature, form, declared, chunks, cut, tail }: Parts): Buffer {
  const body = chunks.flatMap(({ id, content, declared: bytes, isPadded }) => {
    const head = Buffer.alloc(8);
    head.write(id, 'latin1');
    head.writeUInt32LE(Math.max(0, bytes), 4);
    return [head, content, Buffer.alloc(isPadded ? 1 : 0)];
  });
  const head = Buffer.alloc(12);
  const whole = Buffer.concat([head, ...body]);
  whole.write(signature, 'latin1');
  whole.writeUInt32LE(declared ?? whole.length - 8, 4);
  whole.write(form, 8, 'latin1');
  return Buffer.concat([whole.subarray(0, Math.max(0, whole.length - cut)), Buffer.alloc(tail, 0x52)]);
}

/** Mulberry32. */
function randomOf(seed: number): Random {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  const pick = (below: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
  return { pick, of: (items) => items[pick(items.length)]! };
}
