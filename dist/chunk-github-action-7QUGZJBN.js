import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{a,b,c}from"./chunk-chunk-CBSARPQE.js";import"./chunk-chunk-YAPP6MTC.js";import"./chunk-chunk-4H7I33LY.js";import"./chunk-chunk-N36QTVWB.js";import"./chunk-chunk-UNWFF6IQ.js";import"./chunk-chunk-CDZLZNAL.js";export{c as frontEnd,a as main,b as maskSecrets};
