import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
var p=["deployment","status"];async function f({env:e,files:n,log:t},r,d){let o=e.GITHUB_STATE;if(!(o===void 0||o===""))try{await n.append(o,`${i(r)}=${d===void 0?"":JSON.stringify(d)}
`)}catch(s){t.debug(`The state for the post step could not be written: ${String(s)}`)}}function y(e){return p.flatMap(n=>{let t=e[`STATE_${i(n)}`]??"",r=t===""?void 0:a(t);return r?.kind===n?[r]:[]})}function i(e){return`open_${e}`}function a(e){try{return JSON.parse(e)}catch{return}}export{f as a,y as b};
