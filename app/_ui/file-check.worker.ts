import { bringKernel } from '#scoring/lab/open-score.ts';
import { type CheckRequest, checkFile } from './file-check.ts';

/** Runs beside the page, so that a big file freezes nothing. One request, one answer. */
self.onmessage = async (event: MessageEvent<CheckRequest>) => {
  if (event.data.isOpen) await bringKernel(new URL('../../dist/kernel.wasm', import.meta.url));
  self.postMessage(await checkFile(event.data));
};
