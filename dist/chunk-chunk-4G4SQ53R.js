import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
function n(l){let e;return()=>(e??={value:l()},e.value)}export{n as a};
