// Writes docs/security/asvs.json, the requirements of OWASP ASVS 5.0 and what shows that they are met, as the table of the page on
// security, in both languages: `node bin/security-table.mjs`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {'en' | 'ru'} Language
 * @typedef {'met' | 'partly' | 'not'} State
 * @typedef {{ id: string, level: number, requirement: Record<Language, string>, how: Record<Language, string>, state: State,
 *   tests: { file: string, test: string }[] }} Requirement `test` is a test's name, or that of its group
 */

const words = {
  en: { head: ['ASVS', 'asked for', 'how', 'state', 'tests'], met: 'met', partly: 'partly', not: 'not met' },
  ru: { head: ['ASVS', 'требуется', 'как', 'состояние', 'тесты'], met: 'да', partly: 'частично', not: 'нет' },
};

/** @param {string} root @returns {Requirement[]} */
export function readRequirements(root) {
  return JSON.parse(readFileSync(join(root, 'docs/security/asvs.json'), 'utf8')).requirements;
}

/**
 * @param {readonly Requirement[]} requirements
 * @param {Language} language
 */
export function requirementsTable(requirements, language) {
  const { head, ...states } = words[language];
  const rows = requirements.map(({ id, level, requirement, how, state, tests }) => {
    const files = [...new Set(tests.map(({ file }) => `\`${file}\``))].join(' ');
    return [`${id} (L${level})`, requirement[language], how[language], states[state], files];
  });
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  for (const language of /** @type {const} */ (['en', 'ru'])) {
    const path = join(root, `docs/${language}/operators/security.md`);
    const page = readFileSync(path, 'utf8');
    const table = requirementsTable(readRequirements(root), language);
    writeFileSync(
      path,
      page.replace(/^\| ASVS \|.*\n(?:\|.*\n)*/m, () => table),
    );
  }
}
