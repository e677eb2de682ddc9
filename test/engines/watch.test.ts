import { describe, expect, it } from '@jest/globals';
import { application, WANTED } from '../support/applications.ts';
import { json, keepAlives, type StreamScript } from '../support/argocd-script.ts';
import { type WaitScene, waitScene } from '../support/wait-scene.ts';

const SILENT: StreamScript = { chunks: keepAlives(3_600_000) };
const TARGETS = ['shop', 'cart'];
const images = ['registry.example/acme/shop:2'];

type Shown = (at: number) => readonly string[];

/** Both live at the wanted commit all the time; what they run is what differs. */
function running(scene: WaitScene, shown: Readonly<Record<string, Shown>>): void {
  for (const name of TARGETS) {
    const path = `GET /api/v1/applications/${name}`;
    const now = ({ at }: { readonly at: number }) =>
      json(application({ name, revision: WANTED, version: 200 + at, images: shown[name]?.(at) ?? [] }));
    scene.script.on(path, now, 'some').on(`${path}/syncwindows`, json({}), 'some');
    scene.script.on(`${path}/resource-tree`, json({ nodes: [] }), 'some');
    scene.script.on(`GET /api/v1/stream/applications?name=${name}`, SILENT);
  }
}

async function verdictsOf(scene: WaitScene) {
  const outcomes = await scene.waitAll({ targets: TARGETS, wanted: { images }, timeout: 120_000 });
  return outcomes.map(({ target, verdict, seconds }) => ({ name: target.name, kind: verdict.kind, seconds }));
}

const OLD_IMAGE = ['registry.example/acme/shop:1'];
const CART_IMAGE = ['registry.example/acme/cart:7'];

describe('an image, of several targets', () => {
  it('is asked of the one that runs it, and not of another', async () => {
    const scene = waitScene();
    running(scene, { shop: (at) => (at < 30_000 ? OLD_IMAGE : images), cart: () => CART_IMAGE });
    const [shop, cart] = await verdictsOf(scene);
    expect(shop).toMatchObject({ kind: 'landed' });
    expect(shop?.seconds).toBeGreaterThanOrEqual(30);
    expect(cart).toMatchObject({ kind: 'landed' });
    expect(cart?.seconds).toBeLessThan(5);
  });

  it('is never taken for live where its target goes on with the old one', async () => {
    const scene = waitScene();
    running(scene, { shop: () => OLD_IMAGE, cart: () => CART_IMAGE });
    expect((await verdictsOf(scene)).map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'shop timedOut',
      'cart landed',
    ]);
  });

  it('is asked of all while nobody has shown it: a wrong name is no proof', async () => {
    const scene = waitScene();
    running(scene, { shop: () => ['registry.example/acme/spoh:2'], cart: () => CART_IMAGE });
    expect((await verdictsOf(scene)).map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'shop timedOut',
      'cart timedOut',
    ]);
  });

  it('is asked of a target that shows it only later, as long as that is waited for', async () => {
    const scene = waitScene();
    // The images of a status come a moment after its health.
    running(scene, { shop: (at) => (at < 10_000 ? [] : at < 40_000 ? OLD_IMAGE : images), cart: () => CART_IMAGE });
    const [shop, cart] = await verdictsOf(scene);
    expect(shop).toMatchObject({ kind: 'landed' });
    expect(shop?.seconds).toBeGreaterThanOrEqual(40);
    expect(cart).toMatchObject({ kind: 'landed' });
    expect(cart?.seconds).toBeGreaterThanOrEqual(10);
  });

  it('is asked of both where both run it', async () => {
    const scene = waitScene();
    running(scene, { shop: () => images, cart: (at) => (at < 30_000 ? OLD_IMAGE : images) });
    const [, cart] = await verdictsOf(scene);
    expect(cart?.seconds).toBeGreaterThanOrEqual(30);
  });
});
