import type { CelEngine } from './cel/engine.ts';

/** The engine for CEL. It is a part of the program of its own, which is read only where there is something to evaluate. */
export async function loadCel(): Promise<CelEngine> {
  const { createCelEngine } = await import('./cel/engine.ts');
  return createCelEngine();
}
