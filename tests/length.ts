/** With ROSTRUM_LONG_TESTS=1 races are run and guesses made as often as a promise names, else as often as tells. */
export const isLong = process.env.ROSTRUM_LONG_TESTS === '1';
