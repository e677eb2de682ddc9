/**
 * One command line for the GitHub runner, escaped as it unescapes
 * (https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands). Without line end.
 */
export function workflowCommand(
  name: 'debug' | 'notice' | 'warning' | 'error' | 'group' | 'endgroup',
  properties: Readonly<Record<string, string | number | undefined>>,
  data: string,
): string {
  const pairs = Object.entries(properties)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${name}${pairs.length === 0 ? '' : ` ${pairs.join(',')}`}::${escapeData(data)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
