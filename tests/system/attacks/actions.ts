import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

type Client = { encodeReply(sent: readonly unknown[]): Promise<string | FormData> };
const client: Client = createRequire(import.meta.url)('next/dist/compiled/react-server-dom-webpack/client.node.js');
/** The body by which a browser calls an action with these arguments: JSON, or a form where there is one among them. */
export const { encodeReply } = client;

type Manifest = { node: Record<string, { filename: string; exportedName: string; workers: Record<string, unknown> }> };

/** A server action as the build knows it: by which id it is called, and at a page that has it, such as `/c/[slug]/team`. */
export function builtAction({ file, name }: { file: string; name: string }): { id: string; page: string } {
  const manifest = join(root, '.next/server/server-reference-manifest.json');
  const { node } = JSON.parse(readFileSync(manifest, 'utf8')) as Manifest;
  const [id, entry] = Object.entries(node).find(([, e]) => e.filename === file && e.exportedName === name) ?? [];
  if (id === undefined || entry === undefined) throw new Error(`the build knows no action ${name} of ${file}`);
  const page = Object.keys(entry.workers)[0]!
    .replace(/^app/, '')
    .replace(/\/page$/, '');
  return { id, page };
}

/** Every file of the app by its path in the repository. */
export function sources(isWanted: (name: string) => boolean): string[] {
  return readdirSync(join(root, 'app'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && isWanted(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

/** Names of the actions of each file that has some. */
export function actionsByFile(): Record<string, string[]> {
  const found = sources((name) => /\.tsx?$/.test(name))
    .map((file) => [file, readFileSync(join(root, file), 'utf8')] as const)
    .filter(([, source]) => source.startsWith("'use server'"))
    .map(([file, source]) => [file, [...source.matchAll(/^export async function (\w+)/gm)].map((match) => match[1]!)]);
  return Object.fromEntries(found);
}

/** `FILE METHOD` of every route that changes something, and `FILE POST PATH` of those at the desk. */
export function changingRoutes(): string[] {
  const method = /^export (?:const|async function) (POST|PUT|PATCH|DELETE)\b|\bas (POST|PUT|PATCH|DELETE)\b/gm;
  const ofApp = sources((name) => /^route\.tsx?$/.test(name)).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(method)].map((match) => `${file} ${match[1] ?? match[2]}`),
  );
  const desk = 'scoring/desk/routes.ts';
  const ofDesk = [...readFileSync(join(root, desk), 'utf8').matchAll(/^ {2}'((?:POST|PUT|PATCH|DELETE) [^']+)'/gm)];
  return [...ofApp, ...ofDesk.map((match) => `${desk} ${match[1]}`)];
}
