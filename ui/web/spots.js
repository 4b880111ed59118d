// The words or cells of a cited element that the quote is made of, where their places are known.

const words = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** Locators inside the element; empty where the quote is all of it, or no narrower place is known. */
export function spots(element, quote) {
  if (element.table) {
    return quotedCells(element.table.cells, quote).flatMap((cell) => (cell.locator ? [cell.locator] : []));
  }
  return run(element.words, words(quote));
}

/** The cells of rows of which every text is in the quote, unless that is every row. */
export function quotedCells(cells, quote) {
  const said = new Set(words(quote));
  const rows = Map.groupBy
    ? Map.groupBy(cells, (cell) => cell.row)
    : cells.reduce((map, cell) => map.set(cell.row, [...(map.get(cell.row) ?? []), cell]), new Map());
  const found = [...rows.values()].filter((row) => {
    const inside = row.filter((cell) => !cell.is_header && words(cell.text).length);
    return inside.length && inside.every((cell) => words(cell.text).every((word) => said.has(word)));
  });
  return found.length === rows.size ? [] : found.flat();
}

/** The first run of words that reads like the quote, unless that is all of them. */
function run(known, quoted) {
  const flat = known.flatMap((word, index) => words(word.text).map((part) => ({ part, index })));
  if (!quoted.length || quoted.length >= flat.length) return [];
  for (let at = 0; at + quoted.length <= flat.length; at++) {
    if (quoted.every((part, offset) => flat[at + offset].part === part)) {
      const indices = new Set(flat.slice(at, at + quoted.length).map(({ index }) => index));
      return [...indices].map((index) => known[index].locator);
    }
  }
  return [];
}
