import { describe, expect, it } from '@jest/globals';
import { requestText, textOfCommit, titleOfCommit } from '../../src/forges/request-body.ts';
import { changeOf } from '../support/forge-fixture.ts';

const change = { ...changeOf({ a: 'b' }), body: '| file |\n| --- |\n| `a:1` |\n' };

describe('the description of a request', () => {
  it('has the table, the paragraphs, the notes and the way back, in that order', () => {
    const text = requestText({ change, sections: ['First.', 'Second.'], notes: ['a note'], word: 'merge request' });
    const order = ['| `a:1` |', 'First.', 'Second.', '- a note', 'drawbridge rollback', 'this merge request in place'];
    const places = order.map((part) => text.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('lets foreign text in a note mean nothing', () => {
    const note = '<!-- x --> @everyone [a](b) ```\n::error::x closes #1';
    const text = requestText({ change, sections: [], notes: [note], word: 'pull request' });
    const line = text.split('\n').find((part) => part.startsWith('- ')) ?? '';
    expect(line).not.toMatch(/[<>@`[\]]|#1/);
  });

  it('stays within what a forge takes', () => {
    const body = Array.from({ length: 200 }, () => `| ${'x'.repeat(900)} |`).join('\n');
    const text = requestText({ change: { ...change, body }, sections: ['Kept.'], notes: [], word: 'pull request' });
    expect(text.length).toBeLessThan(61_000);
    expect(text).toContain('and more');
    expect(text).toContain('Kept.');
  });
});

describe('a paragraph that goes by the room that is left', () => {
  const told: number[] = [];
  const section = (room: number) => {
    told.push(room);
    return 'é'.repeat(Math.floor(room / 2));
  };
  const textWith = (body: string) =>
    requestText({
      change: { ...change, body },
      sections: ['First.', section, 'Last.'],
      notes: [],
      word: 'pull request',
    });

  it('stands where it was put, and fills no more than the rest', () => {
    const text = textWith('| a |');
    expect(text.indexOf('First.')).toBeLessThan(text.indexOf('é'));
    expect(text.indexOf('é')).toBeLessThan(text.indexOf('Last.'));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_010);
    expect(Buffer.byteLength(text)).toBeGreaterThan(59_900);
  });

  it('has room even where the table takes all that it can', () => {
    const text = textWith(Array.from({ length: 200 }, () => `| ${'x'.repeat(900)} |`).join('\n'));
    expect(told.at(-1)).toBeGreaterThan(900);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_010);
  });
});

describe('a description made from a commit', () => {
  const commit = {
    revision: 'a'.repeat(40),
    parents: [],
    author: 'x',
    committedAt: 0,
    message: 'chore: bump\n\napps/a.yaml\n  image: 1 -> 2\n```\n@all\n',
  };

  it('is a fenced block that nothing in the message can end', () => {
    const text = textOfCommit(commit);
    expect(titleOfCommit(commit)).toBe('chore: bump');
    expect(text.match(/```/g)).toHaveLength(2);
    expect(text).toContain('\n- image: 1 -> 2\n');
  });
});
