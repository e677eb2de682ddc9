import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import"./chunk-chunk-CDZLZNAL.js";async function n(t,{host:o,run:e}){let{playDemo:m}=await import("./chunk-demo-BOA3KXLH.js");return m(o,e,{keep:t.keep,detailed:t.format==="json"})}export{n as demo};
