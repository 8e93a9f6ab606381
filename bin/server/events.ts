import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, deflateRawSync } from 'node:zlib';
import type { Followed } from './competitions.ts';
import { answer, encodingFor } from './request.ts';

/*
 * Server-sent events of a competition: `clock` with the time by the rules' clock when a stream opens, `board` with the snapshot and
 * its version as id, `phase` when the timetable moves on. Each of the latter is serialised and compressed once, and the same bytes
 * are written to everybody.
 */

export type EventHub = {
  /** Keeps the answer open and tells it of the competition from now on; first the board, unless it says that it has that. */
  open(request: IncomingMessage, response: ServerResponse, followed: Followed, address: string): void;
  tellBoard(followed: Followed): void;
  tellPhase(followed: Followed): void;
  counts(): { streams: number; sent: number; dropped: number };
  /** Ends every stream. */
  close(): void;
};

export const eventLimits = {
  heartbeatMs: 15_000,
  betweenBoardsMs: 1_000,
  /** A lecture hall is behind one address. */
  streamsPerAddress: 2_000,
  /** What may wait for a slow reader beside the newest event. */
  waitingBytes: 256 * 1024,
};

type Stream = { response: ServerResponse; isCompressed: boolean; version: number };
type Message = { plain: Buffer; compressed: Buffer };
/** Those who follow one competition, and the event of its newest board. */
type Room = {
  streams: Set<Stream>;
  version: number;
  board: Message;
  toldAt: number;
  timer: NodeJS.Timeout | undefined;
};
type Hub = {
  limits: typeof eventLimits;
  rooms: Map<string, Room>;
  perAddress: Map<string, number>;
  counts: { streams: number; sent: number; dropped: number };
};

/** Opens a gzip stream that never ends. Its blocks refer to nothing before them, so any may follow any other. */
const gzipHeader = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
const heartbeat = messageOf(':\n\n');

export function createEventHub(limits = eventLimits): EventHub {
  const hub: Hub = { limits, rooms: new Map(), perAddress: new Map(), counts: { streams: 0, sent: 0, dropped: 0 } };
  const beat = setInterval(() => {
    for (const { streams } of hub.rooms.values()) for (const stream of streams) send(hub, stream, heartbeat);
  }, limits.heartbeatMs).unref();
  return {
    open: (request, response, followed, address) => open(hub, request, response, followed, address),
    tellBoard: (followed) => tellBoard(hub, followed),
    tellPhase(followed) {
      const event = messageOf(`event: phase\ndata: ${JSON.stringify({ phase: followed.phase })}\n\n`);
      for (const stream of hub.rooms.get(followed.competition.id)?.streams ?? []) send(hub, stream, event);
    },
    counts: () => ({ ...hub.counts }),
    close() {
      clearInterval(beat);
      for (const { timer, streams } of hub.rooms.values()) {
        clearTimeout(timer);
        for (const { response } of streams) response.end();
      }
    },
  };
}

function open(hub: Hub, request: IncomingMessage, response: ServerResponse, followed: Followed, address: string): void {
  const sameAddress = hub.perAddress.get(address) ?? 0;
  if (sameAddress >= hub.limits.streamsPerAddress) {
    answer(response, 429, 'text/plain', 'too many event streams from this address\n', { 'Retry-After': '30' });
    return;
  }
  hub.perAddress.set(address, sameAddress + 1);
  hub.counts.streams += 1;
  const room = roomOf(hub, followed);
  const stream = startStream(request, response, followed);
  room.streams.add(stream);
  if (stream.version !== room.version) sendBoard(hub, room, stream);
  response.on('close', () => {
    room.streams.delete(stream);
    hub.counts.streams -= 1;
    const left = (hub.perAddress.get(address) ?? 1) - 1;
    if (left > 0) hub.perAddress.set(address, left);
    else hub.perAddress.delete(address);
  });
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
  const opening = messageOf(`${retry}event: clock\ndata: ${JSON.stringify({ now })}\n\n`);
  response.write(isCompressed ? opening.compressed : opening.plain);
  return { response, isCompressed, version: versionHeld(request) };
}

/** The version that the reader has: of its last event, or of the page that it opened. */
function versionHeld(request: IncomingMessage): number {
  const asked = new URL(request.url ?? '/', 'http://localhost').searchParams.get('after');
  const held = [request.headers['last-event-id']].flat()[0] ?? asked ?? '';
  return /^\d{1,15}$/.test(held) ? Number(held) : -1;
}

function roomOf(hub: Hub, followed: Followed): Room {
  const { id } = followed.competition;
  const known = hub.rooms.get(id);
  if (known !== undefined) return known;
  const { version } = followed.board;
  const room = { streams: new Set<Stream>(), version, board: boardMessage(followed), toldAt: 0, timer: undefined };
  hub.rooms.set(id, room);
  return room;
}

/** At most one board a second: of several, the newest. */
function tellBoard(hub: Hub, followed: Followed): void {
  const room = hub.rooms.get(followed.competition.id);
  if (room === undefined) return;
  room.version = followed.board.version;
  room.board = boardMessage(followed);
  if (room.timer !== undefined) return;
  const waitMs = Math.max(0, room.toldAt + hub.limits.betweenBoardsMs - performance.now());
  const tell = () => {
    room.timer = undefined;
    room.toldAt = performance.now();
    for (const stream of room.streams) if (stream.version !== room.version) sendBoard(hub, room, stream);
  };
  if (waitMs === 0) tell();
  else room.timer = setTimeout(tell, waitMs);
}

function sendBoard(hub: Hub, room: Room, stream: Stream): void {
  stream.version = room.version;
  send(hub, stream, room.board);
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

function boardMessage({ board }: Followed): Message {
  return messageOf(`event: board\nid: ${board.version}\ndata: ${board.body}\n\n`);
}

function messageOf(text: string): Message {
  const plain = Buffer.from(text);
  return { plain, compressed: deflateRawSync(plain, { finishFlush: constants.Z_FULL_FLUSH }) };
}
