/** What was measured, held against what it has to be: a line for each. */
export interface Bar {
  readonly title: string;
  readonly value: number;
  readonly unit: string;
  readonly limit: number;
  readonly kind: 'at most' | 'at least';
}

export function atMost(title: string, value: number, limit: number, unit: string): Bar {
  return { title, value, unit, limit, kind: 'at most' };
}

export function atLeast(title: string, value: number, limit: number, unit: string): Bar {
  return { title, value, unit, limit, kind: 'at least' };
}

/** `- met: 500 objects, start included: 157 ms (at most 300 ms)`. What could not be measured is said to be so. */
export function renderBars(bars: readonly Bar[]): string {
  return bars.map(renderBar).join('\n');
}

function renderBar({ title, value, unit, limit, kind }: Bar): string {
  const wanted = `${kind} ${limit}${unit}`;
  if (Number.isNaN(value)) return `- not measured: ${title} (${wanted})`;
  const isMet = kind === 'at most' ? value <= limit : value >= limit;
  const shown = unit === ' ms' || unit === ' MB' ? value.toFixed(0) : value.toFixed(2);
  return `- ${isMet ? 'met' : '**missed**'}: ${title}: ${shown}${unit} (${wanted})`;
}
