import { readPicture } from '#lib/docs/pictures.ts';

type Context = { params: Promise<{ file: string }> };

/** A picture of the documentation, from the same file that the repository shows. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const picture = readPicture((await params).file);
  if (picture === null) return new Response('not found\n', { status: 404 });
  return new Response(new Uint8Array(picture), {
    headers: { 'Content-Type': 'image/webp', 'Cache-Control': 'public, max-age=3600' },
  });
}
