import { headers } from 'next/headers';

/**
 * Whether this page is being drawn for everybody: bin/server.ts keeps it and gives it to others. It drops the reader's cookies
 * but for language and theme before it asks, so no page can hold anything personal; what depends on the moment or on the person
 * is left to the browser. The header never comes from outside.
 */
export async function isShared(): Promise<boolean> {
  return (await headers()).get('x-rostrum-shared') === '1';
}
