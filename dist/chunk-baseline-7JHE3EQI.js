import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{a as f}from"./chunk-chunk-N36QTVWB.js";import"./chunk-chunk-FGQBPFTV.js";import"./chunk-chunk-VEE77FO5.js";import"./chunk-chunk-AS24DJ2C.js";import{c as l}from"./chunk-chunk-WEHQV2B5.js";import"./chunk-chunk-FBSVMVVU.js";import"./chunk-chunk-VXGP3XJI.js";import{Ma as m,T as g,b as c}from"./chunk-chunk-OHNCX5PJ.js";import"./chunk-chunk-CDZLZNAL.js";function h(n,i){let r=new Map(i),s=n.filter(t=>{let o=b(t),p=r.get(o)??0;return p>0&&r.set(o,p-1),p<=0}),e=[...r.values()].reduce((t,o)=>t+o,0);return{kept:s,dropped:n.length-s.length,unused:e}}function b(n){return f("sha256").update(m(n)).digest("hex").slice(0,32)}var y=1;function q(n){let r=[...Map.groupBy(n,b)].map(([e,t])=>w(e,t)).sort((e,t)=>e.order<t.order?-1:1).map(({row:e})=>`    ${JSON.stringify(e)}`).join(`,
`),s=r===""?"[]":`[
${r}
  ]`;return`{
  "tool": "drawbridge",
  "baseline": ${y},
  "findings": ${s}
}
`}function w(n,i){let{path:r="",ruleId:s="",resource:e}=i[0]??{},t=e===void 0?{}:{object:g(e)},o=i.length===1?{}:{count:i.length};return{order:`${r}\0${s}\0${n}`,row:{fingerprint:n,rule:s,path:r,...t,...o}}}function z(n,i){let r=$(n,i),s=l(r)&&r.baseline===y?r.findings:void 0;if(!Array.isArray(s))throw d(n,['it has no list "findings" below "baseline": 1']);let e=[],t=new Map;if(s.forEach((o,p)=>{let{fingerprint:a,count:u=1}=l(o)?o:{};typeof a!="string"||!Number.isSafeInteger(u)||Number(u)<1?e.push(`findings[${p}] has no fingerprint, or a count that is no positive number`):t.set(a,(t.get(a)??0)+Number(u))}),e.length>0)throw d(n,e);return{path:n,apply:o=>h(o,t)}}function $(n,i){try{return JSON.parse(i)}catch{throw d(n,["it is not JSON"])}}function d(n,i){return new c("input",`baseline: ${n} is no baseline of this program.`,{problems:i.map(r=>`${n}: ${r}`),hint:"Write it anew with write-baseline."})}export{b as baselineKey,z as parseBaseline,q as renderBaseline};
