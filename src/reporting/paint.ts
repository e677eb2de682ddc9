export type Colour = 'red' | 'green' | 'yellow' | 'blue' | 'cyan' | 'bold' | 'dim';

export type Paint = (colour: Colour, text: string) => string;

/** Select Graphic Rendition codes, on and off (ECMA-48, 8.3.117). */
const CODES: Readonly<Record<Colour, readonly [number, number]>> = {
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  cyan: [36, 39],
  bold: [1, 22],
  dim: [2, 22],
};

/** Colours where wanted, else the text as it is. Each line is painted for itself: GitLab's log ends a colour at a line end. */
export function createPaint(colour: boolean): Paint {
  if (!colour) return (_colour, text) => text;
  return (name, text) => {
    const [on, off] = CODES[name];
    return text.replace(/[^\n]+/g, (line) => `\x1b[${on}m${line}\x1b[${off}m`);
  };
}
