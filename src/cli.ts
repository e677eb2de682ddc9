#!/usr/bin/env node
// This file must be readable by any Node, however old: it looks at the version before anything else is loaded.
const OLDEST_NODE = 22;
if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  console.error(`drawbridge needs Node.js ${OLDEST_NODE} or newer; this is ${process.versions.node}.`);
  process.exitCode = 64;
} else {
  import('./front-ends/command-line.ts').then(({ main }) => main(process.argv.slice(2)));
}
