import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, deflateRawSync } from 'node:zlib';
import { isNewsKind, type News, type NewsKind, newsId } from '#lib/live-news.ts';
import type { Followed } from './competitions.ts';
import { encodingFor } from './request.ts';

/*
 * Server-sent events of a competition: `clock` with the time by the rules' clock when a stream opens, `phase` when the timetable moves
 * on, and of every kind of news (`board`, …) the newest, with its version in the id. Each is serialised and compressed once, and the
 * same bytes are written to everybody.
 */

export type EventHub = {
  /**
   * Keeps the answer open and tells it of the competition from now on; first all news, unless it says that it has them. False, and
   * nothing answered, where too many of that address are open.
   */
  open(request: IncomingMessage, response: ServerResponse, followed: Followed, address: string): boolean;
  /** Tells of this kind's newest everybody who follows. */
  tellNews(followed: Followed, kind: NewsKind): void;
  tellPhase(followed: Followed): void;
  counts(): { streams: number; sent: number; dropped: number };
  /** Ends every stream. */
  close(): void;
};

export const eventLimits = {
  heartbeatMs: 15_000,
  /** Between two news of one kind. Files are scored by the dozen, and nobody reads two boards a second. */
  betweenMs: { board: 1_000, talk: 0, reveal: 0 } as Record<NewsKind, number>,
  /** A lecture hall is behind one address. */
  streamsPerAddress: 2_000,
  /** What may wait for a slow reader beside the newest event. */
  waitingBytes: 256 * 1024,
};

type Message = { plain: Buffer; compressed: Buffer };
/** The newest of one kind, and when it was told last. */
type Telling = { version: number; message: Message; toldAt: number; timer: NodeJS.Timeout | undefined };
type Versions = Map<NewsKind, number>;
type Stream = { response: ServerResponse; isCompressed: boolean; held: Versions };
/** Those who follow one competition. */
type Room = { streams: Set<Stream>; tellings: Map<NewsKind, Telling> };
type Hub = {
  limits: typeof eventLimits;
  rooms: Map<string, Room>;
  perAddress: Map<string, number>;
  counts: { streams: number; sent: number; dropped: number };
  isClosed: boolean;
};

/** Opens a gzip stream that never ends. Its blocks refer to nothing before them, so any may follow any other. */
const gzipHeader = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
const heartbeat = messageOf(':\n\n');

export function createEventHub(limits = eventLimits): EventHub {
  const hub: Hub = {
    limits,
    rooms: new Map(),
    perAddress: new Map(),
    counts: { streams: 0, sent: 0, dropped: 0 },
    isClosed: false,
  };
  const beat = setInterval(() => {
    for (const { streams } of hub.rooms.values()) for (const stream of streams) send(hub, stream, heartbeat);
  }, limits.heartbeatMs).unref();
  return {
    open: (request, response, followed, address) => open(hub, request, response, followed, address),
    tellNews: (followed, kind) => tellNews(hub, followed, kind),
    tellPhase(followed) {
      const event = messageOf(`event: phase\ndata: ${JSON.stringify({ phase: followed.phase })}\n\n`);
      for (const stream of hub.rooms.get(followed.competition.id)?.streams ?? []) send(hub, stream, event);
    },
    counts: () => ({ ...hub.counts }),
    close() {
      hub.isClosed = true;
      clearInterval(beat);
      for (const { tellings, streams } of hub.rooms.values()) {
        for (const { timer } of tellings.values()) clearTimeout(timer);
        for (const { response } of streams) response.end();
      }
    },
  };
}

function open(
  hub: Hub,
  request: IncomingMessage,
  response: ServerResponse,
  followed: Followed,
  address: string,
): boolean {
  const sameAddress = hub.perAddress.get(address) ?? 0;
  if (sameAddress >= hub.limits.streamsPerAddress) return false;
  hub.perAddress.set(address, sameAddress + 1);
  hub.counts.streams += 1;
  const room = roomOf(hub, followed);
  const stream = startStream(request, response, followed);
  room.streams.add(stream);
  for (const [kind, telling] of room.tellings) sendNews(hub, stream, kind, telling);
  response.on('close', () => {
    room.streams.delete(stream);
    hub.counts.streams -= 1;
    const left = (hub.perAddress.get(address) ?? 1) - 1;
    if (left > 0) hub.perAddress.set(address, left);
    else hub.perAddress.delete(address);
  });
  // Over a connection that was still open: they come back, elsewhere.
  if (hub.isClosed) response.end();
  return true;
}

function startStream(request: IncomingMessage, response: ServerResponse, { clockAheadMs }: Followed): Stream {
  const isCompressed = encodingFor(request) !== 'identity';
  request.socket.setNoDelay(true);
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-cache, no-transform',
    'X-Accel-Buffering': 'no',
    Vary: 'Accept-Encoding',
    ...(isCompressed ? { 'Content-Encoding': 'gzip' } : {}),
  });
  if (isCompressed) response.write(gzipHeader);
  // After a restart a whole hall comes back: not in one moment.
  const retry = `retry: ${Math.round(1000 + 3000 * Math.random())}\n\n`;
  const now = new Date(Date.now() + clockAheadMs).toISOString();
  const opening = Buffer.from(`${retry}event: clock\ndata: ${JSON.stringify({ now })}\n\n`);
  response.write(isCompressed ? storedBlock(opening) : opening);
  const held = versionsHeld(request);
  // Kept for as long as somebody watches, by thousands: of the question nothing is needed any more.
  request.headers = {};
  request.rawHeaders = [];
  return { response, isCompressed, held };
}

/**
 * What the reader has, as `12,reveal-5`: by the page that it opened, and of one kind by its last event. A browser remembers the last
 * id alone, so what it has of other kinds may be newer than is known here, and then it is sent once more.
 */
function versionsHeld(request: IncomingMessage): Versions {
  const opened = new URL(request.url ?? '/', 'http://localhost').searchParams.get('after') ?? '';
  const last = [request.headers['last-event-id']].flat()[0] ?? '';
  const held: Versions = new Map();
  for (const id of [...opened.split(','), last]) {
    const [, kind = 'board', version] = /^(?:([a-z]+)-)?(\d{1,15})$/.exec(id) ?? [];
    if (version !== undefined && isNewsKind(kind)) held.set(kind, Number(version));
  }
  return held;
}

function roomOf(hub: Hub, followed: Followed): Room {
  const { id } = followed.competition;
  const known = hub.rooms.get(id);
  if (known !== undefined) return known;
  const room: Room = { streams: new Set(), tellings: new Map() };
  for (const news of followed.news) room.tellings.set(news.kind, tellingOf(news));
  hub.rooms.set(id, room);
  return room;
}

/** At most one in the time that is set for its kind: of several, the newest. */
function tellNews(hub: Hub, followed: Followed, kind: NewsKind): void {
  const room = hub.rooms.get(followed.competition.id);
  const news = followed.news.find((candidate) => candidate.kind === kind);
  if (room === undefined || news === undefined) return;
  const before = room.tellings.get(kind);
  const telling = before === undefined ? tellingOf(news) : Object.assign(before, contentOf(news));
  room.tellings.set(kind, telling);
  if (telling.timer !== undefined) return;
  const waitMs = Math.max(0, telling.toldAt + hub.limits.betweenMs[kind] - performance.now());
  const tell = () => {
    telling.timer = undefined;
    telling.toldAt = performance.now();
    for (const stream of room.streams) sendNews(hub, stream, kind, telling);
  };
  if (waitMs === 0) tell();
  else telling.timer = setTimeout(tell, waitMs);
}

function sendNews(hub: Hub, stream: Stream, kind: NewsKind, { version, message }: Telling): void {
  if (stream.held.get(kind) === version) return;
  stream.held.set(kind, version);
  send(hub, stream, message);
}

function send(hub: Hub, { response, isCompressed }: Stream, { plain, compressed }: Message): void {
  const bytes = isCompressed ? compressed : plain;
  if (response.writableLength > hub.limits.waitingBytes) {
    hub.counts.dropped += 1;
    response.destroy();
    return;
  }
  hub.counts.sent += 1;
  response.write(bytes);
}

function tellingOf(news: News): Telling {
  return { ...contentOf(news), toldAt: 0, timer: undefined };
}

function contentOf({ kind, version, body }: News): Pick<Telling, 'version' | 'message'> {
  return { version, message: messageOf(`event: ${kind}\nid: ${newsId(kind, version)}\ndata: ${body}\n\n`) };
}

/** As a block of a compressed stream, uncompressed: what one reader alone is sent is not worth a compressor, of which each takes 256 kB. */
function storedBlock(bytes: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt16LE(bytes.length, 1);
  head.writeUInt16LE(~bytes.length & 0xffff, 3);
  return Buffer.concat([head, bytes]);
}

/** What is sent, once for all: as it is, and as blocks that fit into any of the compressed streams. */
export function messageOf(text: string): Message {
  const plain = Buffer.from(text);
  return { plain, compressed: deflateRawSync(plain, { finishFlush: constants.Z_FULL_FLUSH }) };
}
