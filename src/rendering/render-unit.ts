import { renderFiles } from './render-files.ts';
import { renderChart } from './render-helm.ts';
import { renderKustomization } from './render-kustomize.ts';
import type { Made, Shop } from './shop.ts';
import { substituteAll } from './substitute.ts';
import type { RenderedUnit, Unit } from './unit.ts';

/** Renders one unit, and then replaces its variables. */
export async function renderUnit(shop: Shop, unit: Unit): Promise<RenderedUnit> {
  const made = await make(shop, unit);
  if (made.outcome.state !== 'rendered' || unit.substitution === undefined) return { ...made, unit, variables: [] };
  const { objects, problems } = substituteAll(made.outcome.objects, unit.substitution);
  return { ...made, outcome: { state: 'rendered', objects }, unit, variables: problems };
}

function make(shop: Shop, { recipe }: Unit): Promise<Made> {
  switch (recipe.kind) {
    case 'kustomize':
      return renderKustomization(shop, recipe);
    case 'helm':
      return renderChart(shop, recipe);
    case 'files':
      return renderFiles(shop, recipe);
  }
}
