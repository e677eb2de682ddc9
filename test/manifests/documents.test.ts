import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitDocuments } from '../../src/manifests/documents.ts';

describe('splitDocuments', () => {
  it('cuts at the marker lines and counts lines', () => {
    const text = '# who wrote it\n---\na: 1\n--- # second\nb: |\n  ---\n  x\n---c: 2\n---\n';
    expect(splitDocuments(text)).toEqual([
      { text: '---\na: 1\n', start: 15, line: 2 },
      { text: '--- # second\nb: |\n  ---\n  x\n---c: 2\n', start: 24, line: 4 },
      { text: '---\n', start: 60, line: 9 },
    ]);
  });

  it('keeps a directive with the document that it belongs to, and CRLF as it is', () => {
    expect(splitDocuments('%YAML 1.2\r\n---\r\na: 1\r\n---\r\nb: 2').map(({ text, line }) => [text, line])).toEqual([
      ['%YAML 1.2\r\n---\r\na: 1\r\n', 1],
      ['---\r\nb: 2', 4],
    ]);
  });

  it('loses nothing but a preface, and numbers every document rightly', () => {
    const line = fc.constantFrom('---', '--- ', '---x', 'a: 1', '# c', '', '...', '%YAML 1.1', '  ---');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), (lines, end) => {
        const text = lines.join(end);
        const documents = splitDocuments(text);
        const start = documents[0]?.start ?? 0;
        expect(documents.map((document) => document.text).join('')).toBe(text.slice(start));
        expect(
          text
            .slice(0, start)
            .split(/\r?\n/)
            .filter((piece) => !/^(#.*|\.\.\.)?$/.test(piece)),
        ).toEqual([]);
        for (const document of documents) expect(text.slice(0, document.start).split('\n')).toHaveLength(document.line);
      }),
    );
  });
});
