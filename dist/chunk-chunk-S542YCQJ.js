import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
function a(t,e){let i=new Set,r=t.units.filter(({unit:{place:n,ancestors:o},inputs:u})=>{let f=e.has(n.path)||[...u].some(s=>e.has(s))||o.some(s=>i.has(s)),d=o.at(-1);return f&&d!==void 0&&i.add(d),f});return{...t,units:r,undone:t.undone.filter(({place:n})=>e.has(n.path))}}export{a};
