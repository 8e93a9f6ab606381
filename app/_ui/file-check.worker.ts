import { type CheckRequest, checkFile } from './file-check.ts';

/** Runs beside the page, so that a big file freezes nothing. One request, one answer. */
self.onmessage = async (event: MessageEvent<CheckRequest>) => {
  self.postMessage(await checkFile(event.data));
};
