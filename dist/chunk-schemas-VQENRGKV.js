import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{a,d as b,e as c,f as d}from"./chunk-chunk-VXGP3XJI.js";import"./chunk-chunk-OHNCX5PJ.js";import"./chunk-chunk-CDZLZNAL.js";export{c as createSchemas,a as groupOf,b as loadSchemas,d as packSource};
