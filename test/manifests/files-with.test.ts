import { describe, expect, it } from '@jest/globals';
import { filesWith } from '../../src/manifests/text.ts';

describe('the files that hold a word', () => {
  it('are found one by one, also where they share a piece of memory and the word lies across two of them', () => {
    const memory = Buffer.from('kind: Policy\nkind: Pol|icy none');
    const files = [memory.subarray(0, 13), memory.subarray(13, 22), memory.subarray(22), Buffer.from('Policy')].map(
      (bytes, index) => ({ name: index, bytes }),
    );
    expect(filesWith('Policy', files).map(({ name }) => name)).toEqual([0, 3]);
    expect(filesWith('Pol|icy', files)).toEqual([]);
    expect(filesWith('absent', files)).toEqual([]);
  });
});
