// A problem in words: of a cell, of a paste, of a link.

/** A text with its {places} filled in. */
export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "?");

/** What a problem { where, why, values, line, column, shown } says, in the words of the panel "bring". */
export function told(words, { where, why, values, line, column, shown }) {
  const places = [where, line && filled(words.place, { line, column })].filter(Boolean);
  return [...places, filled(words[`why_${why}`], { shown, ...values })].join(": ");
}
