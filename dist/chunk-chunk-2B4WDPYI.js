import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
function r(n){let t=[];for(let i of n.split("/"))i===""||i==="."||(i===".."&&t.length>0&&t.at(-1)!==".."?t.pop():t.push(i));return`${n.startsWith("/")?"/":""}${t.join("/")}`}function s(n,t){return r(t.startsWith("/")||n===""?t:`${n}/${t}`)}export{r as a,s as b};
