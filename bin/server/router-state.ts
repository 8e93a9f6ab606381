import type { IncomingHttpHeaders } from 'node:http';
import reader from 'next/dist/server/app-render/parse-and-validate-flight-router-state.js';

const name = 'next-router-state-tree';

/**
 * Takes off what Next's router says that it holds where Next could not read it: it would answer 500, a fault of its own, to anybody who
 * sends nonsense or comes from a page of another version. Without the header it sends the whole page.
 */
export function dropUnreadableState(headers: IncomingHttpHeaders): void {
  try {
    reader.parseAndValidateFlightRouterState(headers[name]);
  } catch {
    delete headers[name];
  }
}
