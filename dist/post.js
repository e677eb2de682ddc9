import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
var{STATE_open_deployment:t,STATE_open_status:n}=process.env;(t||n)&&import("./chunk-github-post-BB4E2XRZ.js").then(({main:e})=>e());
