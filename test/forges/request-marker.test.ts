import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Marker,
  markerValues,
  parseMarker,
  printMarker,
  printSection,
  replaceMarker,
  replaceSection,
} from '../../src/forges/request-marker.ts';

const marker: Marker = { group: 'apps/shop', values: ['acme/api:1.0.0'], head: 'a'.repeat(40) };

const anyMarker = fc
  .record({ group: fc.string({ unit: 'binary' }), values: fc.array(fc.string({ unit: 'binary' })), head: fc.string() })
  .map((one): Marker => one);

describe('the marker of a request', () => {
  it('is one HTML comment on one line, whatever is in it, and reads back as it was', () => {
    fc.assert(
      fc.property(anyMarker, fc.string(), (one, text) => {
        const printed = printMarker(one);
        expect(printed).toMatch(/^<!-- drawbridge: [^\r\n]* -->$/);
        expect(printed.slice(4, -3)).not.toMatch(/--|[<>]/);
        expect(parseMarker(`${printed}\n${text}`)).toEqual(one);
      }),
    );
  });

  it.each([
    '',
    'no marker',
    '<!-- drawbridge: {} -->',
    '<!-- drawbridge: {"group":1,"values":[]} -->',
    '<!-- drawbridge: {"group":"a","values":"b"} -->',
    '<!-- drawbridge: {"group":"a",} -->',
    '<!-- drawbridge: [] -->',
  ])('is not read from %j', (body) => expect(parseMarker(body)).toBeUndefined());

  it('is read with foreign line breaks and without what it does not know', () => {
    const body = `Hello\r\n<!-- drawbridge: {"group":"a","values":["b",3],"head":7,"superseded":"yes","x":{}} -->\r\nBye`;
    expect(parseMarker(body)).toEqual({ group: 'a', values: ['b'] });
  });

  it('never fails on any text', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseMarker(`<!-- drawbridge: {${text}} -->`)));
  });
});

describe('our part of a description', () => {
  const section = printSection(marker, 'old text');

  it('is replaced, and what people wrote around it stays', () => {
    const body = `Above.\r\n\r\n${section}\r\n\r\nBelow.`;
    const next = printSection({ ...marker, values: ['acme/api:$1'] }, 'new $& text');
    expect(replaceSection(body, next)).toBe(`Above.\r\n\r\n${next}\r\n\r\nBelow.`);
  });

  it('ends where it ends, whatever it quotes', () => {
    const quoting = printSection(marker, 'a <!-- /drawbridge --> b <!-- drawbridge: {"group":"x","values":[]} --> c');
    expect(replaceSection(`Above.\n${quoting}\nBelow.`, section)).toBe(`Above.\n${section}\nBelow.`);
    expect(parseMarker(quoting)).toEqual(marker);
  });

  it('comes first where there was none, and takes the marker alone where its end was lost', () => {
    expect(replaceSection('', section)).toBe(section);
    expect(replaceSection('By hand.', section)).toBe(`${section}\n\nBy hand.`);
    expect(replaceSection(`${printMarker(marker)}\nold`, section)).toBe(`${section}\nold`);
  });

  it('keeps its text when only the marker changes', () => {
    const body = replaceMarker(`${section}\nBelow.`, { ...marker, superseded: true });
    expect(parseMarker(body)?.superseded).toBe(true);
    expect(body).toContain('old text');
    expect(body).toContain('Below.');
  });
});

describe('values of a marker', () => {
  it('are sorted and unique; a long list can still be compared', () => {
    expect(markerValues(['b', 'a', 'b'])).toEqual(['a', 'b']);
    const many = Array.from({ length: 500 }, (_, index) => `image:${index}`);
    expect(markerValues(many)).toHaveLength(100);
    expect(markerValues(many)).toEqual(markerValues([...many].reverse()));
    expect(markerValues(many)).not.toEqual(markerValues([...many.slice(0, -1), 'image:other']));
  });
});
