import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
function a(n){let e=n.name??"(unnamed)";return`${n.kind} ${n.namespace===void 0?e:`${n.namespace}/${e}`}`}export{a};
