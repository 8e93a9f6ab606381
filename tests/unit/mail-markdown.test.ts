import { describe, expect, test } from 'vitest';
import { composeMail } from '#lib/identity/mail-text.ts';
import { markdownForMail } from '#lib/mail/markdown.ts';

const shownAt = { site: 'https://asr.example/below', path: '/c/spring/news' };
const htmlOf = (markdown: string) => markdownForMail(markdown, shownAt).replace(/ style="[^"]*"/g, '');

describe('an organiser’s text in a mail', () => {
  test.each([
    ['paragraphs and emphasis', 'Один **два**\n\nтри', '<p>Один <strong>два</strong></p>\n<p>три</p>'],
    ['a list that begins where it begins', '3. три\n4. четыре', '<ol start="3">\n<li>три</li>\n<li>четыре</li>\n</ol>'],
    ['headings below the mail’s own', '# Новости', '<h2>Новости</h2>'],
    ['a table', '| a |\n| - |\n| 1 |', /<table>.*<th>a<\/th>.*<td>1<\/td>.*<\/table>/s],
    ['what is done and what is not', '- [x] раз\n- [ ] два', /☑ раз.*☐ два/s],
  ])('has %s', (_name, markdown, html) => {
    expect(htmlOf(markdown)).toEqual(typeof html === 'string' ? html : expect.stringMatching(html));
  });

  test.each([
    ['https://elsewhere.example/a?b=1&c', 'https://elsewhere.example/a?b=1&c'],
    ['mailto:course@uni.example', 'mailto:course@uni.example'],
    ['/c/spring/data', 'https://asr.example/below/c/spring/data'],
    ['rules', 'https://asr.example/below/c/spring/rules'],
  ])('leads by %s to the whole address', (href, address) => {
    expect(htmlOf(`[сюда](${href})`)).toBe(`<p><a href="${address.replace('&', '&#x26;')}" class="link">сюда</a></p>`);
  });

  test.each([['javascript:alert(1)'], ['data:text/html,1'], ['vbscript:x']])('leads nowhere by %s', (href) => {
    expect(htmlOf(`[сюда](${href})`)).toBe('<p><a>сюда</a></p>');
  });

  test('brings no HTML and no picture of its own', () => {
    expect(
      htmlOf('<img src=x onerror=alert(1)>\n\nтекст <script>1</script>\n\n![схема](https://track.example/1.png)'),
    ).toBe('<p>текст 1</p>\n<p>схема</p>');
  });

  test('is the Markdown itself where a mail is read as plain text', () => {
    const mail = composeMail('ru', 'Тема', [{ markdown: '- раз\n- **два**', shownAt }]);
    expect(mail.text).toBe('- раз\n- **два**\n');
    expect(mail.html).toContain('<strong>два</strong>');
  });
});
