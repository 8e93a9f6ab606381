import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { findDoc, listDocs } from '#lib/docs/library.ts';
import { addressOf } from '#lib/docs/links.ts';
import { audiences, readingOrder } from '#lib/docs/order.ts';
import { parsePage } from '#lib/docs/page.ts';
import { searchDocs } from '#lib/docs/search.ts';
import { type Page, problemsIn, readPages, readWorld, type World } from '../docs-check.ts';
import { everyPictureFile } from '../pictures.ts';
import { shellCommands } from '../shell-lines.ts';

const root = join(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const pages = readPages();
let world: World;
// All commands are loaded, which takes its time beside other tests.
beforeAll(async () => {
  world = await readWorld(pages);
}, 120_000);

/** What is said against a page that has only this in it. */
function said(text: string): string[] {
  const page: Page = { path: 'docs/en/teams/some.md', text: `# Some\n\nOf no use.\n\n${text}\n` };
  return problemsIn(page, world).map((problem) => problem.replace(`${page.path}: `, ''));
}

describe('the documentation', () => {
  test('says nothing that is not so', () => {
    expect(pages.length).toBeGreaterThan(5);
    expect(pages.flatMap((page) => problemsIn(page, world))).toEqual([]);
  });

  test('shows every picture that the browser tests take, and no other', () => {
    const shown = [...pages, { path: 'README.md', text: readme }].flatMap(({ text }) =>
      [...text.matchAll(/docs\/images\/([\w.-]+)|\/images\/([\w.-]+)/g)].map((match) => match[1] ?? match[2]!),
    );
    // A page shows the dark one where there is one.
    const withDark = shown.flatMap((file) => [file, file.replace(/\.webp$/, '.dark.webp')]);
    const taken = everyPictureFile();
    expect(readdirSync(join(root, 'docs/images')).sort()).toEqual([...taken].sort());
    expect(shown.filter((file) => !taken.includes(file))).toEqual([]);
    expect(taken.filter((file) => !withDark.includes(file))).toEqual([]);
  });

  test('has every page that the product links to', () => {
    const linked = readdirSync(join(root, 'app'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.tsx'))
      .flatMap((path) => [...readFileSync(join(root, 'app', path), 'utf8').matchAll(/<DocsLink to="([^"]+)"/g)])
      .map((match) => match[1]!);
    expect(linked.length).toBeGreaterThan(5);
    const names = listDocs('en').map(({ audience, name }) => `${audience}/${name}`);
    expect(linked.filter((to) => !names.includes(to))).toEqual([]);
  });

  test('has every page at its place in the reading order', () => {
    for (const { path } of pages) {
      const [, , audience, file] = path.split('/');
      const order: readonly string[] = readingOrder[audiences.find((one) => one === audience)!] ?? [];
      expect(order, path).toContain(file!.replace('.md', ''));
    }
  });

  test('has the same pages in both languages, with the same headings, blocks and commands', () => {
    const russian = pages.filter(({ path }) => path.startsWith('docs/ru/'));
    const english = pages.filter(({ path }) => path.startsWith('docs/en/'));
    expect(russian.map(({ path }) => path.slice(8))).toEqual(english.map(({ path }) => path.slice(8)));
    for (const [i, page] of russian.entries()) expect(shapeOf(page), page.path).toEqual(shapeOf(english[i]!));
  });
});

/** What both languages have in common. */
function shapeOf({ text }: Page) {
  const fences = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)];
  return {
    headings: parsePage(text).sections.map(({ depth }) => depth),
    languages: fences.map((match) => match[1]),
    commands: fences.filter((match) => match[1] === 'sh').flatMap((match) => shellCommands(match[2]!)),
  };
}

/** Controls: each line of a page that would lead somebody astray is found. */
describe('is found out', () => {
  const fence = (code: string, language = 'sh') => `\`\`\`${language}\n${code}\n\`\`\``;

  test.each([
    ['a misspelt option', fence('rostrum score --ref a --hyp b --htlm c'), /unknown option '--htlm'/],
    ['an option that has to be there', fence('rostrum score --hyp b.txt'), /required option '--ref/],
    ['a value that is not taken', fence('rostrum score --ref a --hyp b --test tost'), /argument 'tost' is invalid/],
    ['a command that does not exist', fence('rostrum admin verfy --log'), /verfy/],
    ['the same behind npm', fence('npm run rostrum -- admin doktor'), /doktor/],
    ['a script that does not exist', fence('npm run seasons'), /no script seasons/],
    ['a program that nobody has', fence('cat a | rostum score'), /no program rostum/],
    ['an option of rostrum.py', fence('python3 rostrum.py submit p.csv --notes x'), /no option --notes/],
    ['a command of rostrum.py', fence('python3 rostrum.py send p.csv'), /no command send/],
    ['a variable in a block', fence('ROSTRUM_HOEM=/srv npm start'), /variable ROSTRUM_HOEM/],
    ['a variable in a sentence', 'Set `ROSTRUM_HOEM`.', /variable ROSTRUM_HOEM/],
    ['an option in a sentence', 'Add `--profil`.', /option --profil/],
    ['a command in a sentence', 'Run `rostrum admin doktor`.', /no command doktor/],
    ['an address', 'Open `/c/SLUG/bord`.', /no address \/c\/SLUG\/bord/],
    ['an address of the API', fence('curl "$ROSTRUM_URL/api/v1/competition/x"'), /no address/],
    ['a file', 'It is in `lib/nowhere.ts`.', /no lib\/nowhere\.ts/],
    ['a dead link', 'See [this](nowhere.md).', /leads to no page/],
    ['a dead anchor', 'See [this](../operators/log.md#nowhere).', /leads to no heading/],
    ['a link into the other language', 'See [this](../../ru/operators/log.md).', /another language/],
    ['a missing picture', '![A board](../../images/nowhere.webp)', /no picture/],
    ['a block without a language', fence('text', ''), /no language/],
    ['a column without a name', '| | a |\n| - | - |\n| b | c |', /no name/],
    ['markup that is not shown', '<b>bold</b>', /HTML is not shown/],
  ])('%s', (_, text, problem) => {
    expect(said(text).join('\n')).toMatch(problem);
  });

  test.each([
    ['a whole command', fence('rostrum score --ref a.txt --hyp b.txt --json | head   # both')],
    ['a command over two lines', fence('ROSTRUM_HOME=/srv/r \\\n  npm run rostrum -- admin verify --log')],
    ['a file of the server', 'It is in `/etc/nginx/nginx.conf`.'],
    ['a link with an anchor', 'See [this](../operators/log.md#the-chain).'],
  ])('but not %s', (_, text) => {
    expect(said(text)).toEqual([]);
  });
});

describe('a page', () => {
  test('is its title, what it is for, and its sections by the anchors that GitHub makes', () => {
    const page = parsePage(
      '# Как считают\n\nО счёте\nошибок.\n\n## Что такое WER?\n\n| a | b |\n| - | - |\n| c | d |\n\n### Пример\n',
    );
    expect(page).toMatchObject({ title: 'Как считают', lead: 'О счёте ошибок.' });
    expect(page.sections).toEqual([
      { slug: '', depth: 1, heading: '', text: 'О счёте ошибок.' },
      { slug: 'что-такое-wer', depth: 2, heading: 'Что такое WER?', text: 'a b c d' },
      { slug: 'пример', depth: 3, heading: 'Пример', text: '' },
    ]);
  });

  test('is refused without a title or a sentence on what it is for', () => {
    expect(() => parsePage('Text')).toThrow(/# Title/);
    expect(() => parsePage('# Title\n\n## At once')).toThrow(/what the page is for/);
  });

  test.each([
    ['#chain', '/docs/operators/log#chain'],
    ['gpu.md', '/docs/operators/gpu'],
    ['../teams/scoring.md#wer', '/docs/teams/scoring#wer'],
  ])('links to %s as %s', (href, address) => {
    expect(addressOf(href, { audience: 'operators', name: 'log' })).toBe(address);
  });

  test('that does not exist is not there', () => {
    expect(findDoc('en', 'operators', '../teams/lab')).toBeNull();
    expect(findDoc('en', 'operators', 'log')?.title).toBe(listDocs('en').find(({ name }) => name === 'log')?.title);
  });
});

describe('the search', () => {
  /** Which is first may change with every page that somebody writes. */
  const best = (language: 'ru' | 'en', query: string) => searchDocs(language, query, 5).map(({ name }) => name);

  test.each([
    ['ru', 'обязательство', 'commitment'],
    ['ru', 'обязательств об эталонах', 'commitment'],
    ['ru', 'видеокартой', 'gpu'],
    ['ru', 'видиокарта', 'gpu'],
    ['en', 'commitments', 'commitment'],
    ['en', 'comitment', 'commitment'],
    ['en', 'gpu-inst', 'gpu'],
  ] as const)('in %s finds «%s»', (language, query, name) => {
    expect(best(language, query)).toContain(name);
  });

  test('shows the text around what it found, with the found words marked', () => {
    const [first] = searchDocs('en', 'swiftshader');
    const text = first!.excerpt.map((piece) => piece.text).join('');
    expect(first!.excerpt.filter(({ isHit }) => isHit).map((piece) => piece.text)).toContain('SwiftShader');
    expect(text.length).toBeLessThan(220);
  });

  test('finds nothing for what nobody wrote', () => {
    expect(searchDocs('en', 'xylophone')).toEqual([]);
    expect(searchDocs('en', '??? --')).toEqual([]);
  });
});
