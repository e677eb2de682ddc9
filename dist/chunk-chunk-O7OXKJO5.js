import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
var i={error:0,warning:1,info:2};function o(e,r){return n(e.path,r.path)||e.line-r.line||e.column-r.column||i[e.severity]-i[r.severity]||n(e.ruleId,r.ruleId)||n(e.message,r.message)}function n(e,r){return e<r?-1:e>r?1:0}export{o as a};
