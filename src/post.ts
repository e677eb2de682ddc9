// The Action's `post` step. It must be readable by any Node, and most often there is nothing left to do: then nothing else is loaded.
const { STATE_open_deployment: deployment, STATE_open_status: status } = process.env;
if (deployment || status) import('./front-ends/github-post.ts').then(({ main }) => main());
