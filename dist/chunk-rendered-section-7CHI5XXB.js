import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{a as c}from"./chunk-chunk-EBH6YZJJ.js";import{g}from"./chunk-chunk-GPXCMPTS.js";import"./chunk-chunk-HM3MBM2V.js";import{d as l}from"./chunk-chunk-K3NUZGHA.js";import"./chunk-chunk-CDZLZNAL.js";var p=150,u=2;function O(e,o,t=[]){return n=>{let r=t.slice(0,u).map(s=>`- ${l(s,200)}`),i=[`Rendered before and after (${o.join("; ")}): ${b(e)}.`,...r].join(`
`),d=n-p-Buffer.byteLength(i),f=[];for(let s of e){let m=g(s);if(d-=Buffer.byteLength(m)+2,d<0)break;f.push(m)}let a=e.length-f.length,h=a===0?[]:[`_${c(a,"more object")} not shown here: a description takes no more._`];return[i,...f,...h].join(`

`)}}function b(e){if(e.length===0)return"no object differs";let o=["added","removed","changed"].flatMap(t=>{let n=e.filter(({change:r})=>r===t).length;return n===0?[]:[`${n} ${t}`]});return`${c(e.length,"object")} ${e.length===1?"differs":"differ"}, ${o.join(", ")}`}export{O as renderedSection};
