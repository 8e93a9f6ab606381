import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import type { Nodes } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { parsePage } from '#lib/docs/page.ts';
import { type Commands, readCommands } from './docs-commands.ts';
import { shellCommands } from './shell-lines.ts';

/*
 * What a page of the documentation says that is not so: commands, options, variables, addresses, files, links, pictures.
 */

const root = join(import.meta.dirname, '..');

/** `path` is relative to the repository: `docs/en/teams/scoring.md`. */
export type Page = { path: string; text: string };

/** What is true, for `problemsIn`. */
export type World = {
  commands: Commands;
  variables: ReadonlySet<string>;
  isAddress(path: string): boolean;
  isFile(path: string): boolean;
  /** Anchors of a page, or null where there is no such page. */
  anchorsOf(path: string): ReadonlySet<string> | null;
};

/** Made by running, or by whoever runs it: no part of a clone. */
const notInClone = /^(\.rostrum|dist|\.next|\.native|node_modules|\.env)(\/|$)/;
/** First segments of paths on a server, as against addresses of the product. */
const systemFolders = /^\/(etc|var|srv|opt|home|usr|tmp|run|dev|mnt|root|data|proc|backup)(\/|$)/;

export function readPages(): Page[] {
  return readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => ({ path: posix.join('docs', path), text: readFileSync(join(root, 'docs', path), 'utf8') }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

export async function readWorld(pages: readonly Page[]): Promise<World> {
  const anchors = new Map(pages.map(({ path, text }) => [path, anchorsIn(text)]));
  return {
    commands: await readCommands(),
    variables: variablesOfProgram(),
    isAddress: addresses(),
    isFile: (path) => notInClone.test(path) || existsSync(join(root, path)),
    anchorsOf: (path) => anchors.get(path) ?? null,
  };
}

/** Variables of packages that we install, not ours: TensorFlow's mirror. */
const readByPackages = ['TFJS_NODE_CDN_STORAGE'];

/** Every problem as `path: what`. */
export function problemsIn({ path, text }: Page, world: World): string[] {
  const problems: string[] = [];
  const tell = (what: string | null) => what !== null && problems.push(`${path}: ${what}`);
  const tree = unified().use(remarkParse).use(remarkGfm).parse(text);
  const mentioned = text.match(/--[a-z][a-z-]+/g) ?? [];
  visit(tree, (node) => {
    if (node.type === 'html') tell(`HTML is not shown: ${node.value}`);
    if (node.type === 'code') for (const problem of problemsInFence(node.lang ?? '', node.value, world)) tell(problem);
    if (node.type === 'inlineCode') tell(problemWithCode(node.value, mentioned, world));
    if (node.type === 'link') tell(problemWithLink(path, node.url, world));
    if (node.type === 'image') tell(problemWithPicture(path, node.url, node.alt ?? '', world));
    if (node.type === 'table' && node.children[0]!.children.some((cell) => cell.children.length === 0))
      tell('a column of a table has no name');
    if (node.type === 'heading' && node.depth > 3) tell('headings go down to ###');
  });
  return problems;
}

function problemsInFence(language: string, code: string, world: World): string[] {
  if (language === '') return ['a block of code says no language'];
  const wrongAddresses = (code.match(/\/api\/v1\/[\w./{}$-]*/g) ?? []).map((address) =>
    problemWithAddress(address, world),
  );
  if (language !== 'sh') return wrongAddresses.filter((problem) => problem !== null);
  const commands = shellCommands(code).flatMap(({ words, assigned }) => [
    words.length === 0 || words[0] === 'export' || words[0] === 'read' ? null : world.commands.whole(words),
    ...assigned.map((name) => problemWithVariable(name, world)),
  ]);
  return [...commands, ...wrongAddresses].filter((problem) => problem !== null);
}

/** Of what stands between backticks within a sentence. `mentioned`: options that the page names anywhere. */
function problemWithCode(code: string, mentioned: readonly string[], world: World): string | null {
  if (/^(rostrum|npm run|npm) /.test(code)) return world.commands.named(code.replace(/\s*…$/, '').split(/\s+/));
  if (/^--[a-z]/.test(code)) {
    const [flag = ''] = code.split(/[\s=]/);
    return world.commands.hasOption(flag) || mentioned.filter((one) => one === flag).length > 1
      ? null
      : `no command has the option ${flag}`;
  }
  if (/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+(=.*)?$/.test(code)) return problemWithVariable(code.split('=')[0]!, world);
  const address = /^(?:(?:GET|POST|PUT|PATCH|DELETE|HEAD) )?(\/[^\s]*)$/.exec(code)?.[1];
  if (address !== undefined) return problemWithAddress(address, world);
  const isOurFile = /^[\w.-]+\/[\w./[\]-]*$/.test(code) && existsSync(join(root, code.split('/')[0]!));
  return isOurFile && !world.isFile(code.replace(/\/$/, '')) ? `there is no ${code} in the repository` : null;
}

function problemWithVariable(name: string, { variables }: World): string | null {
  return variables.has(name) ? null : `nothing reads the variable ${name}`;
}

function problemWithAddress(address: string, world: World): string | null {
  const path = address.split(/[?#]/)[0]!.replace(/(.)\/$/, '$1');
  return systemFolders.test(path) || world.isAddress(path) ? null : `the product has no address ${path}`;
}

function problemWithLink(from: string, url: string, world: World): string | null {
  if (/^(https?|mailto):/.test(url)) return null;
  const [path = '', anchor] = decodeURIComponent(url).split('#');
  const target = path === '' ? from : posix.join(dirname(from), path);
  const anchors = world.anchorsOf(target);
  if (anchors === null) return `the link ${url} leads to no page`;
  if (target.split('/')[1] !== from.split('/')[1]) return `the link ${url} leads into another language`;
  return anchor === undefined || anchors.has(anchor) ? null : `the link ${url} leads to no heading`;
}

function problemWithPicture(from: string, url: string, alt: string, { isFile }: World): string | null {
  const target = posix.join(dirname(from), url);
  if (!/^docs\/images\/[a-z0-9.-]+\.webp$/.test(target)) return `the picture ${url} is not in docs/images`;
  if (alt.trim() === '') return `the picture ${url} says nothing to who cannot see it`;
  return isFile(target) ? null : `there is no picture ${url}`;
}

function anchorsIn(text: string): Set<string> {
  return new Set(parsePage(text).sections.map(({ slug }) => slug));
}

/** Those of `.env.example`, and those that a team's tools read. */
function variablesOfProgram(): Set<string> {
  const example = readFileSync(join(root, '.env.example'), 'utf8');
  const toolkit = readFileSync(join(root, 'public/toolkit/rostrum.py'), 'utf8');
  return new Set([
    ...readByPackages,
    ...[...example.matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1]!),
    ...[...toolkit.matchAll(/environ(?:\.get\(|\[)"([A-Z_]+)"/g)].map((match) => match[1]!),
  ]);
}

/** Pages and routes of app/, what the server answers itself, and the files of public/. Where a folder is a `[part]`, anything fits. */
function addresses(): (path: string) => boolean {
  const routes = filesBelow('app')
    .filter((path) => /(^|\/)(page|route)\.tsx?$/.test(path))
    .map((path) => patternOf(dirname(path)));
  const own = ['healthz', 'readyz', 'metrics', '.well-known/security.txt', 'api/v1/competitions/[slug]/events'].map(
    patternOf,
  );
  const files = new Set(filesBelow('public').map((path) => `/${path}`));
  return (path) => files.has(path) || [...routes, ...own].some((route) => route.test(path));
}

function patternOf(folder: string): RegExp {
  const segments = folder === '.' ? [] : folder.split('/');
  const parts = segments.map((segment) =>
    segment.startsWith('[...') ? '/.+' : segment.startsWith('[') ? '/[^/]+' : `/${segment.replaceAll('.', '\\.')}`,
  );
  return new RegExp(`^${parts.join('') || '/'}$`);
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(join(root, folder), join(entry.parentPath, entry.name)));
}

function visit(node: Nodes, see: (node: Nodes) => void): void {
  see(node);
  if ('children' in node) for (const child of node.children) visit(child, see);
}
