import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
var e={ok:0,failed:1,superseded:3,blocked:4,timedOut:124};export{e as a};
