import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{a,b,c,d}from"./chunk-chunk-JHJUVJEJ.js";import"./chunk-chunk-RNZEKVEU.js";import"./chunk-chunk-CDZLZNAL.js";export{c as createSchemas,a as groupOf,b as loadSchemas,d as packSource};
