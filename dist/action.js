import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
Number.parseInt(process.versions.node,10)<22?(console.log(`::error::drawbridge needs Node.js 22 or newer; this runner brings ${process.versions.node}.`),process.exitCode=64):import("./chunk-github-action-UOHVMI6X.js").then(({main:e})=>e());
