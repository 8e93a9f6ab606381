import GithubSlugger from 'github-slugger';
import type { Heading, Root, RootContent } from 'mdast';
import { toString as textOf } from 'mdast-util-to-string';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';

/** A part of a page under its own heading; the first, before any, has an empty `slug` and `heading`. */
export type Section = { slug: string; depth: 1 | 2 | 3; heading: string; text: string };

export type ParsedPage = {
  title: string;
  /** The first paragraph, as plain text: what the page is for. */
  lead: string;
  /** All but the title. */
  body: string;
  sections: readonly Section[];
};

const parser = unified().use(remarkParse).use(remarkGfm);

/** A file of `docs/`: `# Title`, a paragraph that says what for, then `##` and `###`. Throws where there is no title or lead. */
export function parsePage(markdown: string): ParsedPage {
  const [title, ...content] = parser.parse(markdown).children;
  if (title?.type !== 'heading' || title.depth !== 1) throw new Error('a page begins with "# Title"');
  const lead = content[0];
  if (lead?.type !== 'paragraph') throw new Error('under the title stands a paragraph that says what the page is for');
  return {
    title: textOf(title),
    lead: oneLine(textOf(lead)),
    body: markdown.slice(title.position!.end.offset).trim(),
    sections: sectionsOf(content),
  };
}

/** Gives headings the ids that GitHub gives them, so that an anchor leads to the same place in both. Remark plugin. */
export function headingIds() {
  return (tree: Root): void => {
    const slugger = new GithubSlugger();
    for (const node of tree.children) {
      if (node.type === 'heading') node.data = { ...node.data, hProperties: { id: slugger.slug(textOf(node)) } };
    }
  };
}

function sectionsOf(content: readonly RootContent[]): Section[] {
  const slugger = new GithubSlugger();
  const sections: Section[] = [{ slug: '', depth: 1, heading: '', text: '' }];
  for (const node of content) {
    if (node.type === 'heading') sections.push(sectionUnder(node, slugger));
    else {
      const last = sections[sections.length - 1]!;
      last.text = `${last.text} ${plainText(node)}`.trim();
    }
  }
  return sections;
}

function sectionUnder(node: Heading, slugger: GithubSlugger): Section {
  const heading = textOf(node);
  return { slug: slugger.slug(heading), depth: node.depth === 2 ? 2 : 3, heading, text: '' };
}

/** Cells and items are apart in text, too; the source's own white space is not that of the text. */
function plainText(node: RootContent): string {
  const isParted =
    node.type === 'table' || node.type === 'tableRow' || node.type === 'list' || node.type === 'listItem';
  if (!isParted) return oneLine(textOf(node));
  return (node.children as RootContent[]).map(plainText).join(' ');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
