import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
function i({clock:e,signal:t}){let n=e.monotonic();return()=>{if(!(e.monotonic()-n<100))return e.sleep(0,t).then(()=>{n=e.monotonic()})}}async function r(e,t){let n=i(e);for(;;){let o=t.next();if(o.done)return o.value;let s=n();s!==void 0&&await s}}export{i as a,r as b};
