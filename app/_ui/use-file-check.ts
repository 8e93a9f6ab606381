import { useEffect, useRef, useState } from 'react';
import type { Format } from '#lib/predictions/records.ts';
import type { CheckRequest, FileCheck } from './file-check.ts';

export type Split = 'test' | 'dev';

/** A file as it was when it was chosen: what is checked is what is sent, whatever becomes of it on the disk. */
export type ChosenFile = { name: string; bytes: Uint8Array<ArrayBuffer> };

/** The check of `file` against `split`; null without a file, 'checking' meanwhile. Runs in a worker. */
export function useFileCheck(
  slug: string,
  file: ChosenFile | null,
  split: Split,
  format: Format | undefined,
): FileCheck | 'checking' | null {
  const [check, setCheck] = useState<FileCheck | 'checking' | null>(null);
  const manifests = useRef(new Map<Split, Promise<Uint8Array | null>>());
  useEffect(() => {
    if (file === null) {
      setCheck(null);
      return;
    }
    setCheck('checking');
    const known = manifests.current.get(split);
    const manifest = known ?? fetchManifest(slug, split);
    manifests.current.set(split, manifest);
    let worker: Worker | null = null;
    let isCurrent = true;
    manifest.then((listed) => {
      // Not kept where it failed: the next file asks again.
      if (listed === null) manifests.current.delete(split);
      if (!isCurrent) return;
      worker = startCheck({ file: file.bytes, manifest: listed, format }, setCheck);
    });
    return () => {
      isCurrent = false;
      worker?.terminate();
    };
  }, [slug, file, split, format]);
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

async function fetchManifest(slug: string, split: Split): Promise<Uint8Array | null> {
  try {
    const response = await fetch(`/api/v1/competitions/${slug}/data/${split}.csv`);
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
  } catch {
    return null;
  }
}
