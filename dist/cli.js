#!/usr/bin/env node
import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
Number.parseInt(process.versions.node,10)<22?(console.error(`drawbridge needs Node.js 22 or newer; this is ${process.versions.node}.`),process.exitCode=64):import("./chunk-command-line-ONMOPTG6.js").then(({main:e})=>e(process.argv.slice(2)));
