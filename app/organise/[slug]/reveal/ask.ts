import { type Answer, post } from '#ui/post.ts';

/** Asks the desk of the scoring side about the reveal, by way of the web. */
export function askReveal(slug: string, path: string, body?: unknown): Promise<Answer> {
  return post(`/organise/${slug}/desk/reveal/${path}`, body ?? {});
}
