import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
function a(r){let e=r.includes("\r")?i(r):o(r);return n=>{let t=0,l=e.length-1;for(;t<l;){let s=t+l+1>>1;(e[s]??0)<=n?t=s:l=s-1}return{line:t+1,column:n-(e[t]??0)+1}}}function i(r){let e=[0];for(let n of r.matchAll(/\r\n|\n|\r/g))e.push(n.index+n[0].length);return e}function o(r){let e=[0];for(let n=r.indexOf(`
`);n>=0;n=r.indexOf(`
`,n+1))e.push(n+1);return e}export{a};
