import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
function r(t,n){return`${t} ${n}${t===1?"":"s"}`}function s(t){return/^[0-9a-f]{40,64}$/.test(t)?t.slice(0,12):t}export{r as a,s as b};
