/** What no router of Next's would send. */
export const unreadableStates = [
  '%',
  '%5B%22%22%5D',
  'null',
  encodeURIComponent('["",{"children":[1]}]'),
  'x'.repeat(12_000),
];
