import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{V as a,ba as l,r as f}from"./chunk-chunk-OHNCX5PJ.js";import"./chunk-chunk-CDZLZNAL.js";var h=150,u=2;function v(t,r,e=[]){return o=>{let n=e.slice(0,u).map(m=>`- ${a(m,200)}`),s=[`Rendered before and after (${r.join("; ")}): ${b(t)}.`,...n].join(`
`),c=o-h-Buffer.byteLength(s),i=[];for(let m of t){let d=l(m);if(c-=Buffer.byteLength(d)+2,c<0)break;i.push(d)}let p=t.length-i.length,g=p===0?[]:[`_${f(p,"more object")} not shown here: a description takes no more._`];return[s,...i,...g].join(`

`)}}function b(t){if(t.length===0)return"no object differs";let r=["added","removed","changed"].flatMap(e=>{let o=t.filter(({change:n})=>n===e).length;return o===0?[]:[`${o} ${e}`]});return`${f(t.length,"object")} ${t.length===1?"differs":"differ"}, ${r.join(", ")}`}export{v as renderedSection};
