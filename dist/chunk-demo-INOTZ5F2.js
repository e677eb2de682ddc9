import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import"./chunk-chunk-MKWIJVWN.js";async function n(t,{host:o,run:e}){let{playDemo:m}=await import("./chunk-demo-6S4RDHTF.js");return m(o,e,{keep:t.keep,detailed:t.format==="json"})}export{n as demo};
