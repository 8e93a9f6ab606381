/** What is inside a gzip file of one member, which is all that browsers can inflate. Breaks with a TypeError. */
export function gunzip(sent: Uint8Array): ReadableStream<Uint8Array> {
  const source = new ReadableStream<BufferSource>({
    start(controller) {
      controller.enqueue(new Uint8Array(sent));
      controller.close();
    },
  });
  return source.pipeThrough(new DecompressionStream('gzip'));
}
