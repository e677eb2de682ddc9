import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{a as g}from"./chunk-chunk-HM3MBM2V.js";import{c as d}from"./chunk-chunk-TZLYJ6ZZ.js";import{a as f}from"./chunk-chunk-NXZZKKNI.js";import{b as p}from"./chunk-chunk-RNZEKVEU.js";import"./chunk-chunk-CDZLZNAL.js";import{createHash as y}from"node:crypto";function h(n,i){let e=new Map(i),s=n.filter(t=>{let o=m(t),a=e.get(o)??0;return a>0&&e.set(o,a-1),a<=0}),r=[...e.values()].reduce((t,o)=>t+o,0);return{kept:s,dropped:n.length-s.length,unused:r}}function m(n){return y("sha256").update(f(n)).digest("hex").slice(0,32)}var b=1;function O(n){let e=[...Map.groupBy(n,m)].map(([r,t])=>w(r,t)).sort((r,t)=>r.order<t.order?-1:1).map(({row:r})=>`    ${JSON.stringify(r)}`).join(`,
`),s=e===""?"[]":`[
${e}
  ]`;return`{
  "tool": "drawbridge",
  "baseline": ${b},
  "findings": ${s}
}
`}function w(n,i){let{path:e="",ruleId:s="",resource:r}=i[0]??{},t=r===void 0?{}:{object:g(r)},o=i.length===1?{}:{count:i.length};return{order:`${e}\0${s}\0${n}`,row:{fingerprint:n,rule:s,path:e,...t,...o}}}function S(n,i){let e=$(n,i),s=d(e)&&e.baseline===b?e.findings:void 0;if(!Array.isArray(s))throw c(n,['it has no list "findings" below "baseline": 1']);let r=[],t=new Map;if(s.forEach((o,a)=>{let{fingerprint:u,count:l=1}=d(o)?o:{};typeof u!="string"||!Number.isSafeInteger(l)||Number(l)<1?r.push(`findings[${a}] has no fingerprint, or a count that is no positive number`):t.set(u,(t.get(u)??0)+Number(l))}),r.length>0)throw c(n,r);return{path:n,apply:o=>h(o,t)}}function $(n,i){try{return JSON.parse(i)}catch{throw c(n,["it is not JSON"])}}function c(n,i){return new p("input",`baseline: ${n} is no baseline of this program.`,{problems:i.map(e=>`${n}: ${e}`),hint:"Write it anew with write-baseline."})}export{m as baselineKey,S as parseBaseline,O as renderBaseline};
