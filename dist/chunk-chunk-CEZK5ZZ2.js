import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
var t=["github","gitlab","gitea","git"];export{t as a};
