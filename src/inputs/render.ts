import { PIPELINE_COMMANDS } from './commands.ts';
import { renderAction } from './render-action.ts';
import { renderComponent } from './render-component.ts';
import { renderInputsPage } from './render-markdown.ts';

/** A file made from the table of inputs; the path is relative to the repository. */
export interface RenderedFile {
  readonly path: string;
  readonly content: string;
}

/** Every file that is wholly rendered. `version` is that of package.json: components name the program of their own version. */
export function renderFiles(version: string): readonly RenderedFile[] {
  return [
    { path: 'action.yml', content: renderAction() },
    ...PIPELINE_COMMANDS.map((command) => ({ path: `actions/${command}/action.yml`, content: renderAction(command) })),
    ...PIPELINE_COMMANDS.map((command) => ({
      path: `templates/${command}.yml`,
      content: renderComponent(command, version),
    })),
    { path: 'docs/inputs.md', content: renderInputsPage() },
  ];
}
