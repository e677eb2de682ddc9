import { describe, expect, it } from '@jest/globals';
import type { ChangeRequest, LoggedCommit, Snapshot } from '../../src/forges/forge-client.ts';
import { printMarker } from '../../src/forges/request-marker.ts';
import {
  type BranchState,
  chooseOpen,
  declinedBefore,
  isOfGroup,
  isUpToDate,
  leftAlone,
  NOTHING_CARRIED,
  type OpenRequest,
  ofGroup,
  supersededBy,
} from '../../src/forges/request-plan.ts';
import { changeOf } from '../support/forge-fixture.ts';

const GROUP = { name: 'apps/shop', branch: 'drawbridge/main/apps-shop', base: 'main' };
const MARKER = { group: 'apps/shop', values: ['acme/api:2'] };

function request(changes: Partial<ChangeRequest> = {}): ChangeRequest {
  return {
    number: 1,
    url: 'https://forge.test/1',
    state: 'open',
    title: 'a title',
    body: printMarker(MARKER),
    draft: false,
    headBranch: GROUP.branch,
    headRevision: 'a'.repeat(40),
    baseBranch: 'main',
    sameRepository: true,
    labels: [],
    ...changes,
  };
}

const commit: LoggedCommit = { revision: 'a'.repeat(40), parents: [], author: 'Ann', committedAt: 0, message: 'x' };

function snapshot(files: Readonly<Record<string, string>>): Snapshot {
  return { revision: 'b'.repeat(40), paths: Object.keys(files), files: changeOf(files).files };
}

function ours(files: Readonly<Record<string, string>>, paths: readonly string[]): BranchState {
  const tip = 'a'.repeat(40);
  return { kind: 'ours', tip, parent: 'b'.repeat(40), commit, paths: new Set(paths), snapshot: snapshot(files) };
}

const foreign: BranchState = { kind: 'foreign', tip: 'a'.repeat(40), commit, snapshot: snapshot({}) };

function open(number: number, state: BranchState, changes: Partial<OpenRequest> = {}): OpenRequest {
  const url = `https://forge.test/${number}`;
  const carried = state.kind === 'foreign' ? {} : { carried: NOTHING_CARRIED };
  return { request: request({ number, url }), state, holds: false, covered: true, ...carried, ...changes };
}

describe('a request of the group', () => {
  it.each<[string, Partial<ChangeRequest>, boolean]>([
    ['from our branch with our marker', {}, true],
    ['from a branch that took its place', { headBranch: `${GROUP.branch}-2` }, true],
    ['from our branch without a marker', { body: 'by hand' }, true],
    ['from the other branch without a marker', { headBranch: `${GROUP.branch}-2`, body: '' }, false],
    ['from a fork', { sameRepository: false }, false],
    ['from another branch with our marker', { headBranch: 'evil' }, false],
    ['from a branch whose name goes on', { headBranch: `${GROUP.branch}-10` }, false],
    ['into another branch', { baseBranch: 'staging' }, false],
    ['of another group on a branch of that name', { body: printMarker({ ...MARKER, group: 'apps-shop' }) }, false],
    ['that is closed', { state: 'closed' }, false],
  ])('%s', (_, changes, expected) => expect(isOfGroup(request(changes), GROUP)).toBe(expected));

  it("comes first when it is from the group's own branch", () => {
    const second = request({ number: 2, headBranch: `${GROUP.branch}-2` });
    expect(ofGroup([second, request()], GROUP).map(({ number }) => number)).toEqual([1, 2]);
  });
});

describe('what to go on with', () => {
  const state = ours({}, []);
  it('is one that holds the values and may be written, then any that holds them, then any that may be written', () => {
    const plain = open(1, state);
    const theirs = open(2, foreign, { holds: true });
    const holding = open(3, state, { holds: true });
    expect(chooseOpen([plain, theirs, holding])).toBe(holding);
    expect(chooseOpen([plain, theirs])).toBe(theirs);
    expect(chooseOpen([open(2, foreign), plain])).toBe(plain);
    expect(chooseOpen([open(2, foreign)])).toBeUndefined();
    const { carried: _, ...stuck } = plain;
    expect(chooseOpen([stuck])).toBeUndefined();
  });

  it('takes the place of ours that propose nothing else, and of no others', () => {
    const all = [open(1, state), open(2, state), open(3, foreign), open(4, state, { covered: false })];
    expect(supersededBy(request({ number: 1 }), all).map((one) => one.request.number)).toEqual([2]);
    expect(leftAlone(request({ number: 1 }), all)).toEqual([expect.stringMatching(/^https:\/\/forge\.test\/3 .*Ann/)]);
  });
});

describe('a request that was closed for the same values', () => {
  const closed = request({ state: 'closed' });
  it('is a no where a person closed it, and nothing came after', () => {
    expect(declinedBefore([closed], MARKER)).toBe(closed);
    expect(declinedBefore([request({ number: 3 }), closed], MARKER)).toBe(closed);
    expect(declinedBefore([request({ state: 'merged' }), closed], MARKER)).toBeUndefined();
  });

  it.each<[string, Partial<ChangeRequest>]>([
    ['we closed it', { body: printMarker({ ...MARKER, superseded: true }) }],
    ['it was for other values', { body: printMarker({ ...MARKER, values: ['acme/api:1'] }) }],
    ['it was for more values', { body: printMarker({ ...MARKER, values: ['acme/api:2', 'acme/b:1'] }) }],
    ['it was of another group', { body: printMarker({ ...MARKER, group: 'x' }) }],
    ['it came from a fork', { sameRepository: false }],
    ['it says nothing', { body: '' }],
  ])('is none where %s', (_, changes) => {
    expect(declinedBefore([{ ...closed, ...changes }], MARKER)).toBeUndefined();
  });
});

describe('a commit that needs no other', () => {
  const change = changeOf({ a: 'new', b: 'new' });
  const base = snapshot({ a: 'old', b: 'old', c: 'old' });

  it.each<[string, BranchState, boolean]>([
    ['leads to the same content', ours({ a: 'new', b: 'new', c: 'old' }, ['a', 'b']), true],
    ['is behind in a file that it does not touch', ours({ a: 'new', b: 'new', c: 'older' }, ['a', 'b']), true],
    ['lacks one of the changes', ours({ a: 'new', b: 'old', c: 'old' }, ['a']), false],
    ['changes another file too', ours({ a: 'new', b: 'new', c: 'new' }, ['a', 'b', 'c']), false],
    ['does not have the file', ours({ a: 'new' }, ['a']), false],
    ['is of others', { ...foreign, snapshot: snapshot({ a: 'new', b: 'new' }) }, false],
    ['is not there', { kind: 'absent' }, false],
  ])('%s', (_, state, expected) => expect(isUpToDate(change, base, state)).toBe(expected));
});
