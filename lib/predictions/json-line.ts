/** A member of the object on one line; `from` and `to` are the offsets of its value. */
export type Member = {
  key: string;
  kind: 'string' | 'number' | 'other';
  from: number;
  to: number;
  hasEscapes: boolean;
};

export type JsonLine =
  | { status: 'object'; members: readonly Member[] }
  | { status: 'broken' | 'not-object'; at: number };

/** Deeper than any manifest; beyond it the text is refused rather than the stack spent. */
const maxDepth = 64;

/**
 * The members of a JSON object that takes a whole line, by RFC 8259. A scanner of our own because it tells the exact offset
 * of what is wrong alike in every engine, never throws (a megabyte of broken lines costs no stack traces), and leaves values
 * nobody asks for unread.
 */
export function scanJsonLine(text: string, start: number, end: number): JsonLine {
  const scanner = new Scanner(text, start, end);
  if (text[start] !== '{') {
    const isWhole = scanner.skipValue(0) && scanner.isAtEnd();
    return isWhole ? { status: 'not-object', at: start } : { status: 'broken', at: scanner.at };
  }
  const members: Member[] = [];
  const isFine = scanner.skipObject(0, (member) => members.push(member)) && scanner.isAtEnd();
  return isFine ? { status: 'object', members } : { status: 'broken', at: scanner.at };
}

const quote = 0x22;
const backslash = 0x5c;
const numberOrName = /(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)|true|false|null/y;

/** Every `skip…` moves past what it names and says whether that was there; if not, `at` is where it went wrong. */
class Scanner {
  at: number;
  private readonly text: string;
  private readonly end: number;
  private hasEscapes = false;
  private kind: Member['kind'] = 'other';

  constructor(text: string, start: number, end: number) {
    this.text = text;
    this.at = start;
    this.end = end;
  }

  isAtEnd(): boolean {
    this.skipSpace();
    return this.at === this.end;
  }

  skipObject(depth: number, visit?: (member: Member) => void): boolean {
    return this.skipList('}', () => {
      const keyAt = this.at;
      if (!this.skipString()) return false;
      const key = visit ? stringAt(this.text, keyAt, this.at, this.hasEscapes) : '';
      this.skipSpace();
      if (!this.skip(':')) return false;
      this.skipSpace();
      const from = this.at;
      if (!this.skipValue(depth + 1)) return false;
      visit?.({ key, kind: this.kind, from, to: this.at, hasEscapes: this.hasEscapes });
      return true;
    });
  }

  skipValue(depth: number): boolean {
    const first = this.text[this.at];
    if (depth > maxDepth || this.at >= this.end) return false;
    if (first === '{' || first === '[') {
      const isFine = first === '{' ? this.skipObject(depth) : this.skipList(']', () => this.skipValue(depth + 1));
      this.kind = 'other';
      return isFine;
    }
    if (first === '"') {
      this.kind = 'string';
      return this.skipString();
    }
    numberOrName.lastIndex = this.at;
    const match = numberOrName.exec(this.text);
    if (!match || numberOrName.lastIndex > this.end) return false;
    this.kind = match[1] === undefined ? 'other' : 'number';
    this.at = numberOrName.lastIndex;
    return true;
  }

  /** From an opening bracket to the closing one, with commas between. */
  private skipList(closing: string, skipOne: () => boolean): boolean {
    this.at += 1;
    this.skipSpace();
    if (this.skip(closing)) return true;
    for (;;) {
      if (!skipOne()) return false;
      this.skipSpace();
      if (this.skip(closing)) return true;
      if (!this.skip(',')) return false;
      this.skipSpace();
    }
  }

  private skipString(): boolean {
    if (!this.skip('"')) return false;
    this.hasEscapes = false;
    while (this.at < this.end) {
      const code = this.text.charCodeAt(this.at);
      if (code === quote) {
        this.at += 1;
        return true;
      }
      if (code < 0x20) return false;
      if (code !== backslash) this.at += 1;
      else if (!this.skipEscape()) return false;
    }
    return false;
  }

  private skipEscape(): boolean {
    const letter = this.text[this.at + 1];
    const length = letter === 'u' ? 6 : 2;
    const isSound = letter === 'u' ? this.hasHexDigits(this.at + 2) : '"\\/bfnrt'.includes(letter ?? '?');
    if (!isSound || this.at + length > this.end) return false;
    this.hasEscapes = true;
    this.at += length;
    return true;
  }

  private hasHexDigits(from: number): boolean {
    for (let i = from; i < from + 4; i += 1) {
      const code = this.text.charCodeAt(i);
      const isHex = (code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x66);
      if (!isHex) return false;
    }
    return true;
  }

  private skip(character: string): boolean {
    if (this.at >= this.end || this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private skipSpace(): void {
    while (this.at < this.end && ' \t\r'.includes(this.text[this.at]!)) this.at += 1;
  }
}

/** The string whose quotes stand at `from` and before `to`, which the scanner has found to be sound. */
export function stringAt(text: string, from: number, to: number, hasEscapes: boolean): string {
  return hasEscapes ? JSON.parse(text.slice(from, to)) : text.slice(from + 1, to - 1);
}
