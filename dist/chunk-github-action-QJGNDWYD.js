import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{a,b,c}from"./chunk-chunk-FSOTBTP5.js";import"./chunk-chunk-5ESF3ZJN.js";import"./chunk-chunk-26BOV6PM.js";import"./chunk-chunk-N36QTVWB.js";import"./chunk-chunk-QHBGMKW2.js";import"./chunk-chunk-CDZLZNAL.js";export{c as frontEnd,a as main,b as maskSecrets};
