// This file must be readable by any Node, however old: it looks at the version before anything else is loaded.
const OLDEST_NODE = 22;
if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  console.log(
    `::error::drawbridge needs Node.js ${OLDEST_NODE} or newer; this runner brings ${process.versions.node}.`,
  );
  process.exitCode = 64;
} else {
  import('./front-ends/github-action.ts').then(({ main }) => main());
}
