import { useEffect, useRef, useState } from 'react';
import { withBase } from '#lib/base-path.ts';
import type { Format } from '#lib/predictions/records.ts';
import type { CheckRequest, FileCheck } from './file-check.ts';

export type Split = 'test' | 'dev';

/** A file as it was when it was chosen: what is checked is what is sent, whatever becomes of it on the disk. */
export type ChosenFile = { name: string; bytes: Uint8Array<ArrayBuffer> };

/** Where files are taken, and by what rules their texts are read. */
export type CheckedFor = { slug: string; profile: string; hasMapping: boolean };

/** The check of `file` against `split`; null without a file, 'checking' meanwhile. Runs in a worker. */
export function useFileCheck(
  { slug, profile, hasMapping }: CheckedFor,
  file: ChosenFile | null,
  split: Split,
  format: Format | undefined,
): FileCheck | 'checking' | null {
  const [check, setCheck] = useState<FileCheck | 'checking' | null>(null);
  const fetched = useRef(new Map<string, Promise<Uint8Array | null>>());
  useEffect(() => {
    if (file === null) {
      setCheck(null);
      return;
    }
    setCheck('checking');
    let worker: Worker | null = null;
    let isCurrent = true;
    const once = (path: string) => fetchOnce(fetched.current, `/api/v1/competitions/${slug}/${path}`);
    const needed = [once(`data/${split}.csv`), hasMapping ? once('mapping.csv') : null];
    Promise.all(needed).then(([manifest = null, mapping = null]) => {
      if (!isCurrent) return;
      const rules = hasMapping && mapping === null ? null : { profile, mapping };
      worker = startCheck({ file: file.bytes, manifest, format, rules, isOpen: split === 'dev' }, setCheck);
    });
    return () => {
      isCurrent = false;
      worker?.terminate();
    };
  }, [slug, profile, hasMapping, file, split, format]);
  return check;
}

function startCheck(request: CheckRequest, onCheck: (check: FileCheck) => void): Worker {
  const worker = new Worker(new URL('./file-check.worker.ts', import.meta.url), { type: 'module' });
  worker.onmessage = (event: MessageEvent<FileCheck>) => {
    onCheck(event.data);
    worker.terminate();
  };
  worker.onerror = () => onCheck({ status: 'unchecked' });
  worker.postMessage(request);
  return worker;
}

/** Null where it could not be had, which is not kept: the next file asks again. */
async function fetchOnce(known: Map<string, Promise<Uint8Array | null>>, address: string): Promise<Uint8Array | null> {
  const asked = known.get(address) ?? fetchBytes(address);
  known.set(address, asked);
  const bytes = await asked;
  if (bytes === null) known.delete(address);
  return bytes;
}

async function fetchBytes(address: string): Promise<Uint8Array | null> {
  try {
    const response = await fetch(withBase(address));
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
  } catch {
    return null;
  }
}
