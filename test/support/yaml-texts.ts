import fc from 'fast-check';

type Node =
  | { readonly kind: 'map'; readonly entries: readonly (readonly [string, Node])[]; readonly flow: boolean }
  | { readonly kind: 'list'; readonly items: readonly Node[]; readonly flow: boolean; readonly deeper: boolean }
  | { readonly kind: 'scalar'; readonly text: string }
  | { readonly kind: 'lines'; readonly head: string; readonly lines: readonly string[] };

const PLAIN = [
  'app',
  'nginx:1.27',
  'a b',
  'yes',
  'off',
  'true',
  'null',
  '~',
  '0',
  '8080',
  '0777',
  '1e3',
  '-1.5',
  '.inf',
  '2024-02-30',
  '500m',
  'x#y',
  'é',
  '😀',
  'http://x/?y=z',
  '-z',
  ':x',
  '=',
];
const QUOTED = ['"app"', '""', "''", "'it''s'", '"a\\tb\\u0041"', '"# : -"', '"yes"', '" x "'];

const scalar = fc.constantFrom(...PLAIN, ...QUOTED).map((text): Node => ({ kind: 'scalar', text }));

const lines = fc
  .record({
    head: fc.constantFrom('|', '|-', '|+', '>', '>-', '>+', '| # why'),
    lines: fc.array(fc.constantFrom('x', 'y: z', '- w', '', ' deeper', '# no comment', '"'), {
      minLength: 1,
      maxLength: 5,
    }),
  })
  .map(
    ({ head, lines: [first = '', ...rest] }): Node => ({ kind: 'lines', head, lines: [first.trim() || 'x', ...rest] }),
  );

const key = fc.constantFrom('name', 'type', 'a', 'b', 'c', 'on', '1', 'x y', 'a.b/c', '"q"', "'r'", 'toString', 'é');

const { node } = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    lines,
    fc
      .record({
        entries: fc.uniqueArray(fc.tuple(key, tie('node')), { selector: ([name]) => name, maxLength: 5 }),
        flow: fc.boolean(),
      })
      .map(({ entries, flow }): Node => ({ kind: 'map', entries, flow })),
    fc
      .record({ items: fc.array(tie('node'), { maxLength: 4 }), flow: fc.boolean(), deeper: fc.boolean() })
      .map((list): Node => ({ kind: 'list', ...list })),
  ),
}));

const root = fc
  .uniqueArray(fc.tuple(key, node), { selector: ([name]) => name, minLength: 1, maxLength: 6 })
  .map((entries): Node => ({ kind: 'map', entries, flow: false }));

/** Valid documents in all the styles that people write, with comments and blank lines among them. */
export const yamlText = fc
  .record({
    root,
    start: fc.constantFrom('', '---\n', '# about\n\n'),
    end: fc.constantFrom('\n', '', '\n\n', '\n# end'),
  })
  .map(({ root: map, start, end }) => start + blockText(map, 0) + end);

/** Lines as they may follow each other only by mistake. */
export const anyYamlLines = fc
  .array(
    fc.constantFrom(
      ...['a: 1', 'b:', '  c: x', '  - y', '- z', '    d: [1, 2]', '  e: |', '    text', '   more', '', '   ', '# c'],
      ...[
        '  # d',
        'f: "x',
        '  y"',
        "g: 'p",
        "  q'",
        'h: >',
        'h: plain',
        '  text',
        'i: >-',
        '  - k: v',
        '    l: w',
        '  -',
      ],
      ...[
        '  - - m',
        '- -',
        '"n": o',
        'p: {q: r,',
        '  s: t}',
        '---',
        '...',
        't: &a u',
        'v: *a',
        'w : x',
        'x:y',
        'y: a: b',
      ],
      ...['z: - a', 'yes: no', '1: 2', 'aa: |2', 'bb: >+', 'cc: a # b', 'dd: "a" # b', 'ff: a#b', '\tgg: h', 'hh:\ti'],
    ),
    { maxLength: 10 },
  )
  .map((all) => all.join('\n'));

function blockText(given: Node, indent: number): string {
  const margin = ' '.repeat(indent);
  if (given.kind === 'map')
    return given.entries.map(([name, value]) => `${margin}${name}:${valueText(value, indent)}`).join('\n');
  if (given.kind === 'list') return given.items.map((item) => `${margin}-${itemText(item, indent)}`).join('\n');
  return `${margin}${flowText(given)}`;
}

function valueText(value: Node, indent: number): string {
  if (value.kind === 'lines') return blockScalar(value, indent);
  if (isInline(value)) return ` ${flowText(value)}`;
  return `\n${blockText(value, value.kind === 'list' && !value.deeper ? indent : indent + 2)}`;
}

function itemText(item: Node, indent: number): string {
  if (item.kind === 'lines') return blockScalar(item, indent);
  if (isInline(item)) return ` ${flowText(item)}`;
  const text = blockText(item, indent + 2);
  return item.kind === 'list' && item.deeper ? `\n${text}` : ` ${text.trimStart()}`;
}

function blockScalar({ head, lines: all }: Extract<Node, { kind: 'lines' }>, indent: number): string {
  return ` ${head}\n${all.map((line) => (line === '' ? '' : ' '.repeat(indent + 2) + line)).join('\n')}`;
}

function isInline(given: Node): boolean {
  if (given.kind === 'scalar' || given.kind === 'lines') return given.kind === 'scalar';
  return given.flow || (given.kind === 'map' ? given.entries.length : given.items.length) === 0;
}

function flowText(given: Node): string {
  if (given.kind === 'scalar') return given.text;
  if (given.kind === 'lines') return JSON.stringify(given.lines.join(' '));
  if (given.kind === 'list') return `[${given.items.map(flowText).join(', ')}]`;
  return `{${given.entries.map(([name, value]) => `${name}: ${flowText(value)}`).join(', ')}}`;
}
