// Chance that can be repeated: the same whole number gives the same numbers, on any computer.

/** Mulberry32: a function that returns the next number from 0 to 1. */
export function mulberry32(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An easy number: one decimal, from 0.1 to 0.9. */
export const tenth = (next) => (1 + Math.floor(next() * 9)) / 10;

/** The same with a sign. */
export const signedTenth = (next) => tenth(next) * (next() < 0.5 ? -1 : 1);
